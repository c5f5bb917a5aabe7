import type { Uri } from 'vscode';
import { extensions } from 'vscode';

/** The part of the Python extension's public API that is used here. */
interface PythonExtension {
  environments: {
    getActiveEnvironmentPath(resource: Uri): { path: string };
    resolveEnvironment(environment: {
      path: string;
    }): Promise<{ executable: { uri: Uri | undefined } } | undefined>;
  };
}

/** The interpreter chosen for a file in the Python extension; undefined without that extension or a choice. */
export async function chosenInterpreter(file: Uri): Promise<string | undefined> {
  const python = extensions.getExtension<Partial<PythonExtension>>('ms-python.python');
  const environments = (await python?.activate())?.environments;
  if (!environments) return undefined;
  const active = environments.getActiveEnvironmentPath(file);
  const resolved = await environments.resolveEnvironment(active);
  return resolved?.executable.uri?.fsPath;
}
