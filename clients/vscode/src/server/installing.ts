import { execFile, spawn } from "node:child_process";
import { mkdir, rm } from "node:fs/promises";
import { promisify } from "node:util";
import * as vscode from "vscode";
import { programIn } from "../logic/finding.ts";
import { type Plan, type Step, steps, type Tool } from "../logic/installing.ts";
import { requirement } from "../logic/version.ts";
import { texts } from "../texts.ts";
import { removeOthers, useInstalled } from "./installed.ts";
import { OLDEST, reasonOf, type Server } from "./server.ts";
import { own } from "./settings.ts";

const WINDOWS = process.platform === "win32";
const PYTHONS = WINDOWS ? ["py", "python"] : ["python3", "python3.13", "python3.12", "python3.11"];
const RECENT = "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))";

async function runs(command: string, given: string[]): Promise<boolean> {
  return promisify(execFile)(command, given).then(
    () => true,
    () => false,
  );
}

/** The tool to install with: uv where it is there, else a Python that can make environments. */
async function tool(): Promise<{ tool: Tool; program: string } | undefined> {
  const wanted = own<"auto" | Tool>("install.tool", "auto");
  if (wanted !== "venv" && (await runs("uv", ["--version"]))) return { tool: "uv", program: "uv" };
  if (wanted === "uv") return undefined;
  for (const program of PYTHONS) {
    if (await runs(program, ["-c", RECENT])) return { tool: "venv", program };
  }
  return undefined;
}

/** Run a program to its end; what it says goes to the log, and its last words into the error. */
function run(
  step: Step,
  log: vscode.OutputChannel,
  token: vscode.CancellationToken,
): Promise<void> {
  log.appendLine(`> ${[step.command, ...step.arguments].join(" ")}`);
  return new Promise((resolve, reject) => {
    const child = spawn(step.command, step.arguments, { stdio: ["ignore", "pipe", "pipe"] });
    let last = "";
    const heard = (data: Buffer) => {
      const text = data.toString();
      log.append(text);
      last = text.trim().split("\n").at(-1) ?? last;
    };
    child.stdout.on("data", heard);
    child.stderr.on("data", heard);
    child.once("error", reject);
    child.once("close", (code) =>
      code === 0 ? resolve() : reject(new Error(last || `exit ${code}`)),
    );
    token.onCancellationRequested(() => child.kill());
  });
}

async function asked(plan: Plan): Promise<boolean> {
  const from = plan.wheels || texts.install.index;
  const detail = texts.install.detail(plan.folder, plan.tool, from);
  const { ask } = texts.install;
  const { yes } = texts.buttons;
  return (await vscode.window.showInformationMessage(ask, { modal: true, detail }, yes)) === yes;
}

/** Install the server beside what is there, asked first; it takes over once it is whole. */
export async function installServer(server: Server): Promise<void> {
  const chosen = await tool();
  if (!chosen) throw new Error(texts.install.noTool);
  const storage = server.context.globalStorageUri;
  const name = `server-${Date.now()}`;
  const plan: Plan = {
    ...chosen,
    folder: vscode.Uri.joinPath(storage, name).fsPath,
    requirement: requirement(OLDEST),
    wheels: own("install.wheels", ""),
    windows: WINDOWS,
  };
  if (!(await asked(plan))) return;
  const log = vscode.window.createOutputChannel(texts.installLog);
  server.context.subscriptions.push(log);
  try {
    await mkdir(storage.fsPath, { recursive: true });
    await installed(plan, log);
  } catch (error) {
    await rm(plan.folder, { recursive: true, force: true });
    const { log: show, again } = texts.buttons;
    const said = texts.install.failed(reasonOf(error));
    const button = await vscode.window.showErrorMessage(said, again, show);
    if (button === show) log.show();
    if (button === again) await installServer(server);
    return;
  }
  await useInstalled(storage, name);
  await server.restartAsked();
  await removeOthers(storage, name);
}

async function installed(plan: Plan, log: vscode.OutputChannel): Promise<void> {
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: texts.install.title,
    cancellable: true,
  };
  await vscode.window.withProgress(options, async (progress, token) => {
    for (const [number, step] of steps(plan).entries()) {
      progress.report({ message: texts.install.steps[number] ?? "" });
      await run(step, log, token);
      if (token.isCancellationRequested) throw new vscode.CancellationError();
    }
  });
  const program = programIn(plan.folder, "codearch", plan.windows);
  const { stdout } = await promisify(execFile)(program, ["--version"]);
  void vscode.window.showInformationMessage(texts.install.done(stdout.trim()));
}
