import type { CompletionItem } from 'vscode-languageserver';
import { CompletionItemKind, InsertTextFormat, MarkupKind } from 'vscode-languageserver';
import type { CompletionProposal } from '../language/language.js';

/** Characters after which a client asks by itself. */
export const completionTriggers = [':', ' ', '-'];

const KINDS: Record<CompletionProposal['kind'], CompletionItemKind> = {
  transform: CompletionItemKind.Class,
  key: CompletionItemKind.Property,
  value: CompletionItemKind.Value,
  reference: CompletionItemKind.Reference,
};

/** @param snippets the client expands them; else a snippet becomes its text */
export function completionItems(
  proposals: CompletionProposal[],
  snippets: boolean,
): CompletionItem[] {
  return proposals.map((proposal, index): CompletionItem => {
    const { label, kind, detail, documentation, newText, isSnippet, range } = proposal;
    const isExpanded = isSnippet && snippets;
    return {
      label,
      kind: KINDS[kind],
      // As they were proposed, not by the alphabet.
      sortText: String(index).padStart(4, '0'),
      ...(detail !== undefined && { detail }),
      ...(documentation !== undefined && {
        documentation: { kind: MarkupKind.Markdown, value: documentation },
      }),
      ...(isExpanded && { insertTextFormat: InsertTextFormat.Snippet }),
      textEdit: { range, newText: isSnippet && !isExpanded ? withoutStops(newText) : newText },
    };
  });
}

/** A snippet as plain text: `${1:text}` is its text, `$0` nothing. */
function withoutStops(snippet: string): string {
  return snippet.replace(/\$\{\d+:([^}]*)\}|\$\d+/g, '$1').replace(/\\([$}\\])/g, '$1');
}
