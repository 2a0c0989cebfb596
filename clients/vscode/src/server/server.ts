import { type ChildProcess, spawn } from "node:child_process";
import type { Commands, Status } from "@codearch/protocol";
import * as vscode from "vscode";
import {
  CloseAction,
  ErrorAction,
  ExecuteCommandRequest,
  LanguageClient,
  type LanguageClientOptions,
  RevealOutputChannelOn,
} from "vscode-languageclient/node";
import { coalesced } from "../logic/coalesced.ts";
import type { Found } from "../logic/finding.ts";
import { Restarts } from "../logic/restarts.ts";
import { isComing, type State } from "../logic/state.ts";
import { fit } from "../logic/version.ts";
import { texts } from "../texts.ts";
import { locate } from "./locating.ts";
import { misfit } from "./misfit.ts";
import { serverSettings } from "./settings.ts";

/** The oldest server that this extension works with. */
export const OLDEST = "0.1.1";

const SETTLE_MS = 500;

/** The language server of this window: one process, started again when it should be. */
export class Server implements vscode.Disposable {
  /** Start, or start again; while that goes on, any number of calls lead to one more. */
  readonly restart = coalesced(() => this.startAnew());
  readonly log: vscode.LogOutputChannel;
  readonly trace: vscode.LogOutputChannel;
  found: Found | undefined;
  private readonly changes = new vscode.EventEmitter<State>();
  readonly onDidChange = this.changes.event;
  private readonly restarts = new Restarts();
  private client: LanguageClient | undefined;
  private process: ChildProcess | undefined;
  private current: State = { kind: "stopped" };

  constructor(readonly context: vscode.ExtensionContext) {
    this.log = vscode.window.createOutputChannel(texts.channel, { log: true });
    this.trace = vscode.window.createOutputChannel(texts.trace, { log: true });
  }

  get state(): State {
    return this.current;
  }

  get pid(): number | undefined {
    return this.process?.pid;
  }

  /** The commands that the server answers. */
  get commands(): readonly string[] {
    return this.client?.initializeResult?.capabilities.executeCommandProvider?.commands ?? [];
  }

  /** Run a command of the server, as soon as it has started. */
  async ask<C extends keyof Commands>(
    command: C,
    argument: Commands[C]["argument"],
    token?: vscode.CancellationToken,
  ): Promise<Commands[C]["result"]> {
    await this.started(token);
    return this.asked(command, argument, token);
  }

  /** Wait while the server starts: a panel that a window restores asks before it is up. */
  async started(token?: vscode.CancellationToken): Promise<void> {
    if (!isComing(this.current)) return;
    await new Promise<void>((resolve) => {
      const ends: vscode.Disposable[] = [];
      const end = () => {
        for (const each of ends) each.dispose();
        resolve();
      };
      ends.push(this.onDidChange((state) => isComing(state) || end()));
      if (token) ends.push(token.onCancellationRequested(end));
    });
  }

  private async asked<C extends keyof Commands>(
    command: C,
    argument: Commands[C]["argument"],
    token?: vscode.CancellationToken,
  ): Promise<Commands[C]["result"]> {
    if (!this.client?.isRunning()) throw new Error(texts.server.notRunning);
    const params = { command, arguments: [argument] };
    return this.client.sendRequest(ExecuteCommandRequest.type, params, token);
  }

  /** A person asked for it: earlier crashes are forgotten. */
  async restartAsked(): Promise<void> {
    this.restarts.forget();
    await this.restart();
  }

  async settingsChanged(): Promise<void> {
    if (!this.client?.isRunning()) return;
    const settings = { codearch: serverSettings(this.context.extension) };
    await this.client.sendNotification("workspace/didChangeConfiguration", { settings });
  }

  async stop(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    this.say({ kind: "stopped" });
    await client?.dispose().catch((error: unknown) => this.log.warn(String(error)));
  }

  dispose(): void {
    void this.stop();
    this.changes.dispose();
    this.log.dispose();
    this.trace.dispose();
  }

  private say(state: State): void {
    this.current = state;
    this.changes.fire(state);
  }

  private async startAnew(): Promise<void> {
    await this.stop();
    this.say({ kind: "starting" });
    this.found = await locate(this.context.globalStorageUri);
    if (!this.found) {
      this.say({ kind: "missing" });
      return;
    }
    const client = this.made(this.found);
    this.client = client;
    try {
      await client.start();
    } catch (error) {
      if (this.client !== client) return; // it ended while it started, and `ended` took care
      this.failed(texts.server.noStart(this.found.command, reasonOf(error)));
      return;
    }
    await this.shakeHands(client, this.found);
  }

  private async shakeHands(client: LanguageClient, found: Found): Promise<void> {
    const info = client.initializeResult?.serverInfo;
    const version = info?.name === "codearch" ? info.version : undefined;
    const verdict = fit(version, OLDEST);
    if (verdict !== "fits") {
      await this.stop();
      this.say({ kind: "failed", reason: misfit(verdict, version ?? "", OLDEST, found) });
      return;
    }
    const source = texts.server.sources[found.source];
    this.log.info(texts.server.started(found.command, version ?? "", source));
    this.say({ kind: "running", status: await this.asked("codearch.status", {}) });
  }

  private made(found: Found): LanguageClient {
    const client = new LanguageClient(
      "codearch",
      texts.name,
      () => this.spawned(found),
      this.options(),
    );
    client.onNotification("codearch/status", (status: Status) => {
      if (this.client === client) this.say({ kind: "running", status });
    });
    return client;
  }

  private spawned(found: Found): Promise<ChildProcess> {
    return new Promise((resolve, reject) => {
      const child = spawn(found.command, ["lsp"], {
        cwd: vscode.workspace.workspaceFolders?.[0]?.uri.fsPath,
        shell: found.command.endsWith(".cmd") || found.command.endsWith(".bat"),
      });
      this.process = child;
      child.once("error", reject);
      child.once("spawn", () => resolve(child));
    });
  }

  private options(): LanguageClientOptions {
    return {
      documentSelector: [{ scheme: "file" }],
      outputChannel: this.log,
      traceOutputChannel: this.trace,
      revealOutputChannelOn: RevealOutputChannelOn.Never,
      initializationOptions: { codearch: serverSettings(this.context.extension) },
      initializationFailedHandler: () => false,
      errorHandler: {
        error: () => ({ action: ErrorAction.Continue, handled: true }),
        closed: () => {
          this.ended();
          return { action: CloseAction.DoNotRestart, handled: true };
        },
      },
      middleware: {
        workspace: {
          configuration: (params) =>
            params.items.map((item) =>
              item.section === "codearch" ? serverSettings(this.context.extension) : null,
            ),
        },
      },
    };
  }

  /** The process ended without having been asked to. */
  private ended(): void {
    if (!this.client) return;
    this.client = undefined;
    if (this.restarts.again()) {
      this.log.warn(texts.server.ended);
      this.say({ kind: "starting" });
      setTimeout(() => void this.restart(), SETTLE_MS);
    } else {
      this.failed(texts.server.crashed(this.restarts.count));
    }
  }

  private failed(reason: string): void {
    this.client = undefined;
    this.log.error(reason);
    this.say({ kind: "failed", reason });
    const { log, restart } = texts.buttons;
    void vscode.window.showErrorMessage(reason, restart, log).then((button) => {
      if (button === restart) void this.restartAsked();
      if (button === log) this.log.show();
    });
  }
}

export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
