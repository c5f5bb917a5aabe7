import { readFromDisk } from '../language/diskContext.js';
import type { AnalysisContext, LanguageAnalyzer } from '../language/language.js';
import type { PipelineSource } from '../language/source.js';

/** Larger texts are generated, characters. */
const maxLength = 512 << 10;

/** What the index keeps of a source. */
export type IndexedSource = Pick<PipelineSource, 'pipeline' | 'label' | 'transformName' | 'range'>;

/** The sources of a file on disk; none if there is no such file. @param file absolute path */
export async function findSources(
  file: string,
  analyzer: LanguageAnalyzer,
  context: AnalysisContext,
): Promise<IndexedSource[]> {
  const text = readFromDisk(file);
  // Whatever the SDK, a pipeline imports or names something of Beam's, or is one of YAML's.
  if (text === undefined || text.length > maxLength || !/beam|^pipeline:/im.test(text)) return [];
  const document = await analyzer.open(text, context);
  try {
    return document.file().sources.map(({ pipeline, label, transformName, range }) => ({
      ...{ pipeline, label, transformName, range },
    }));
  } finally {
    document.dispose();
  }
}
