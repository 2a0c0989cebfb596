import * as vscode from "vscode";

/** What is asked of the Python extension's API; the whole is in @vscode/python-extension. */
interface PythonApi {
  environments?: {
    getActiveEnvironmentPath(resource?: vscode.Uri): { id: string; path: string };
    resolveEnvironment(path: {
      id: string;
      path: string;
    }): Promise<{ executable: { sysPrefix?: string } } | undefined>;
  };
}

const PYTHON = "ms-python.python";

/** The prefix of the Python environment that was chosen for this workspace, if anything knows it. */
export async function projectEnvironment(): Promise<string | undefined> {
  const extension = vscode.extensions.getExtension<PythonApi>(PYTHON);
  if (!extension) return undefined;
  try {
    const { environments } = await extension.activate();
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
    const active = environments?.getActiveEnvironmentPath(folder);
    const found = active && (await environments?.resolveEnvironment(active));
    return found?.executable.sysPrefix;
  } catch {
    return undefined; // the server may lie elsewhere
  }
}
