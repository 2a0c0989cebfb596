import type { HitForm, Range } from "@codearch/protocol";
import * as vscode from "vscode";
import { texts } from "../texts.ts";

export function rangeOf({ start, end }: Range): vscode.Range {
  return new vscode.Range(start.line, start.character, end.line, end.character);
}

/** Show a place of a file; only files are opened, whatever asks. */
export async function open(uri: string, range: Range, beside = false): Promise<void> {
  const file = vscode.Uri.parse(uri, true);
  if (file.scheme !== "file") throw new Error(`not a file: ${uri}`);
  const viewColumn = beside ? vscode.ViewColumn.Beside : vscode.ViewColumn.Active;
  const { start } = rangeOf(range);
  const selection = new vscode.Range(start, start);
  await vscode.window.showTextDocument(file, { selection, viewColumn, preview: !beside });
}

/** The cursor's place, as the server wants it; says what to do where there is none. */
export function placeAtCursor():
  | { uri: string; position: { line: number; character: number } }
  | undefined {
  const editor = vscode.window.activeTextEditor;
  if (editor?.document.uri.scheme !== "file") {
    void vscode.window.showInformationMessage(texts.search.noEditor);
    return undefined;
  }
  const { line, character } = editor.selection.active;
  return { uri: editor.document.uri.toString(), position: { line, character } };
}

/** `folder/file.py:12`, as short as the workspace allows. */
export function shortPlace(hit: Pick<HitForm, "uri" | "range">): string {
  const path = vscode.workspace.asRelativePath(vscode.Uri.parse(hit.uri));
  return `${path}:${hit.range.start.line + 1}`;
}
