import type { Mend } from "@codearch/protocol";
import * as vscode from "vscode";
import { rangeOf } from "../commands/places.ts";
import { texts } from "../texts.ts";

/** Make the changes of a fix that somebody looked at; what is not safe VS Code shows once more. */
export async function makeEdits({ title, safe, files }: Mend): Promise<void> {
  const edit = new vscode.WorkspaceEdit();
  const metadata = { label: title, needsConfirmation: !safe };
  for (const file of files) {
    const uri = vscode.Uri.parse(file.uri, true);
    const document = await vscode.workspace.openTextDocument(uri);
    if (file.version !== null && file.version !== document.version) {
      throw new Error(texts.debt.changedSince);
    }
    for (const { range, newText } of file.edits) {
      edit.replace(uri, rangeOf(range), newText, metadata);
    }
  }
  await vscode.workspace.applyEdit(edit, { isRefactoring: true });
}
