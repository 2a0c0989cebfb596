/** Everything that the extension's code says to people; what the manifest says is in package.nls.json. */

const count = (number: number, noun: string) =>
  `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;

export const texts = {
  name: "CodeArchaeologist",
  channel: "CodeArchaeologist",
  trace: "CodeArchaeologist (trace)",
  installLog: "CodeArchaeologist (installation)",
  bar: {
    missing: "The server was not found.",
    stopped: "The server is not running.",
    starting: "Starting.",
    ready: "Ready:",
    indexing: "Reading the workspace:",
    paused: "Paused:",
    counts: (files: number, symbols: number) =>
      `${count(files, "file")}, ${count(symbols, "symbol")}.`,
    left: (seconds: number) =>
      seconds < 90 ? `${Math.ceil(seconds)} s left` : `${Math.round(seconds / 60)} min left`,
  },
  server: {
    started: (command: string, version: string, source: string) =>
      `Server ${version} is running: ${command} (${source})`,
    activated: (ms: number) => `Activated: ${ms.toFixed(1)} ms before the first await`,
    missing: "CodeArchaeologist needs its server, the program `codearch`, which was not found.",
    noStart: (command: string, why: string) => `\`${command}\` could not be started: ${why}`,
    ended: "The server ended by itself and is started again.",
    crashed: (times: number) =>
      `The server ended by itself ${times} times within three minutes and is left alone. Its log says why.`,
    tooOld: (has: string, wants: string) =>
      `The server is version ${has}; this extension needs ${wants} or later.`,
    tooNew: (has: string, wants: string) =>
      `The server is version ${has}, newer than this extension knows: it was made for ${wants}.`,
    unknown: "The program that was started does not say that it is CodeArchaeologist's server.",
    notRunning: "The server is not running.",
    sources: {
      setting: "from the setting codearch.server.path",
      project: "in the project's Python environment",
      path: "on PATH",
      private: "in this extension's own environment",
    },
  },
  buttons: {
    install: "Install…",
    choose: "Choose Its Path",
    log: "Show Log",
    restart: "Restart",
    update: "Update Server",
    updateExtension: "Update Extension",
    yes: "Install",
    rebuild: "Rebuild",
    remove: "Remove",
    again: "Try Again",
  },
  install: {
    ask: "Install CodeArchaeologist's server into an environment of its own?",
    detail: (folder: string, tool: string, from: string) =>
      `Made with ${tool} in ${folder}, from ${from}. Nothing else on this machine is changed, and it can be removed by a command.`,
    index: "the Python package index",
    title: "Installing CodeArchaeologist's server",
    steps: ["making an environment", "installing packages"],
    noTool: "Neither uv nor a Python of 3.11 or later with venv was found.",
    done: (version: string) => `CodeArchaeologist's server is installed (${version}).`,
    failed: (why: string) => `The server could not be installed: ${why}`,
    none: "This extension has installed no server.",
    askRemove: "Remove the server that this extension installed? Indexes stay.",
    removed: "The server was removed.",
  },
  menu: {
    title: "CodeArchaeologist",
    pause: "Pause indexing",
    resume: "Resume indexing",
    rebuild: "Rebuild the index…",
    flush: "Wait until everything is searchable",
    search: "Search by meaning…",
    restart: "Restart the server",
    logs: "Show log",
    trace: "Show protocol trace",
    doctor: "Doctor: is all well with the installation?",
    memory: "Memory and disk",
    install: "Install the server…",
    panel: "Show status",
  },
  rebuild: {
    ask: "Throw the index away and build it anew?",
    detail: "Nothing that people wrote is lost; searching is incomplete until it is done.",
  },
  flushed: (ms: number) => `All changes are searchable (after ${Math.round(ms)} ms).`,
  doctorFailed: (why: string) => `codearch doctor: ${why}`,
  memory: (rows: string[], disk: string) => [...rows, disk].join("\n"),
  memoryRow: (name: string, mb: number) => `${name}: ${mb.toFixed(0)} MB of memory`,
  disk: (mb: number, path: string) => `index: ${mb.toFixed(1)} MB on disk in ${path}`,
  search: {
    title: "Search by meaning",
    placeholder:
      "What does the code do? For example: where is the password checked  lang:go path:src/**",
    recent: "recent",
    results: "results",
    symbols: "symbols of that name",
    forget: "Clear Recent Searches",
    nothing: "Nothing was found",
    partial: "Not everything is indexed yet",
    beside: "Open to the Side",
    similar: "Similar Code",
    similarTo: (name: string) => `Similar to ${name}`,
    noEditor: "Open a file and place the cursor in the code first.",
    noSelection: "Select the text to search for first.",
    failed: (why: string) => `The search failed: ${why}`,
  },
  debt: {
    count: (shown: number, total: number, hours: number) =>
      shown < total
        ? `${shown.toLocaleString("en")} of ${count(total, "finding")}, ${hours.toFixed(1)} h`
        : `${count(total, "finding")}, ${hours.toFixed(1)} h`,
    leftOut: (oldCode: number) => `${count(oldCode, "finding")} in old code left out: list all`,
    leftOutWhy: (ceiling: number, lists: number) =>
      [
        ceiling &&
          `Editors leave out ${count(ceiling, "more finding")} by the ceiling of each file.`,
        lists &&
          `${count(lists, "finding")} in this list ${lists === 1 ? "is" : "are"} not shown in editors.`,
      ]
        .filter(Boolean)
        .join("\n"),
    allNew: (why: string) => `All of it counts as new code, since ${why}.`,
    statuses: {
      open: ["Open", "To be mended"],
      inProgress: ["In progress", "Somebody is at it"],
      resolved: ["Resolved", "Hidden until its file has changed and it is still found"],
      wontFix: ["Won't fix", "Hidden for good"],
      falsePositive: ["False positive", "Not a problem: hidden for good"],
    },
    statusTitle: "Where does this finding stand?",
    noteTitle: "Why? (for whoever comes after; may be empty)",
    bands: { high: "High priority", medium: "Medium priority", low: "Low priority" },
    item: (rule: string, severity: number, hours: number, priority: number) =>
      `${rule} · severity ${severity} of 5 · ${hours} h · priority ${Math.round(priority)}`,
    changedSince: "The file has changed since: ask for the fix again.",
    newOnly: "Editors show findings on new code alone.",
    all: "Editors show findings on all code.",
  },
  panels: {
    search: "Search by Meaning",
    debt: "Technical Debt",
    explain: "Explain",
    graph: "Code Graph",
    status: "Status",
    absent: "This build of the extension was made without the panels.",
    failed: (why: string) => `CodeArchaeologist: ${why}`,
  },
};
