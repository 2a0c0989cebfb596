// Generated from `codearch schema` by `npm run generate`; not to be edited.

/**
 * Which finding is to be mended.
 */
export interface FixQuery {
  /**
   * The finding's id, as `codearch.debt.list` gives it.
   */
  id: string;
  /**
   * URI of a folder; all workspace folders by default.
   */
  folder?: string | null;
}
/**
 * A fix as edits, and as a unified diff to look at; safe ones keep what the program does.
 */
export interface Mend {
  title: string;
  safe: boolean;
  files: FileChange[];
  diff: string;
}
/**
 * The changes of one file; `version` is that of the document, null where none is open.
 */
export interface FileChange {
  uri: string;
  version: number | null;
  edits: TextChange[];
}
/**
 * New text for a range of a file as it was.
 */
export interface TextChange {
  range: Range;
  newText: string;
}
/**
 * A stretch of a file, end exclusive.
 */
export interface Range {
  start: Position;
  end: Position;
}
/**
 * A 0-based line and column.
 */
export interface Position {
  line: number;
  character: number;
}
/**
 * Which findings are asked for.
 */
export interface DebtQuery {
  /**
   * A file, folder or glob below the root.
   */
  path?: string | null;
  /**
   * Findings of this category alone.
   */
  category?:
    | (
        | "bug-risk"
        | "complexity"
        | "dead-code"
        | "dependencies"
        | "documentation"
        | "duplication"
        | "licence"
        | "secrets"
        | "security"
        | "size"
        | "tests"
      )
    | null;
  /**
   * Findings of this rule alone.
   */
  rule?: string | null;
  /**
   * Findings of this status alone; else those still to be mended.
   */
  status?: ("falsePositive" | "inProgress" | "open" | "resolved" | "wontFix") | null;
  /**
   * Findings on new code alone (`diagnostics.since`; mergeBase where that is all).
   */
  newOnly?: boolean;
  /**
   * What comes first; age has the oldest first where history tells (`todo`), path sorts by path and line.
   */
  sort?: "age" | "effort" | "path" | "priority" | "severity";
  /**
   * How many items at most.
   */
  limit?: number;
  /**
   * How many items to leave out before.
   */
  offset?: number;
  /**
   * URI of a folder; all workspace folders by default.
   */
  folder?: string | null;
}
/**
 * One page of findings, how many there are in all, and their sum.
 *
 * `leftOut` is given where new code alone is listed.
 */
export interface DebtList {
  items: DebtItem[];
  total: number;
  summary: DebtSummary;
  leftOut: LeftOut | null;
}
/**
 * One finding, with what people said of it.
 */
export interface DebtItem {
  id: string;
  uri: string;
  range: Range;
  rule: string;
  category: string;
  severity: number;
  message: string;
  evidence: string;
  symbol: string;
  effortHours: number;
  impact: number;
  priority: number;
  confidence: number;
  status: string;
  note: string;
  date: string;
  fix: FixForm | null;
  related: RelatedForm[];
}
/**
 * A mend that is offered; safe where it cannot change what the program does.
 */
export interface FixForm {
  title: string;
  safe: boolean;
}
/**
 * Another place that belongs to a finding.
 */
export interface RelatedForm {
  uri: string;
  range: Range;
  message: string;
}
/**
 * All matching findings added up, whatever the limit.
 */
export interface DebtSummary {
  effortHours: number;
  bySeverity: {
    [k: string]: number;
  };
  byCategory: {
    [k: string]: number;
  };
}
/**
 * What is left out of a list of new code, and what of that list editors leave out.
 *
 * `oldCode` counts what is not listed. Of what is, editors leave out `ceiling` by
 * `diagnostics.maxPerFile`, and `lists` that is not for editors. `why` says why all counts as new.
 */
export interface LeftOut {
  oldCode: number;
  ceiling: number;
  lists: number;
  why: string;
}
/**
 * Which finding, and where it stands from now on.
 */
export interface Verdict {
  /**
   * The finding's id, as `codearch.debt.list` gives it.
   */
  id: string;
  /**
   * `wontFix` and `falsePositive` hide it for good, `resolved` until its file has changed and it is still found; `open` without a note takes back what was said.
   */
  status: "falsePositive" | "inProgress" | "open" | "resolved" | "wontFix";
  /**
   * Why, for whoever comes after.
   */
  note?: string;
  /**
   * URI of a folder; all workspace folders by default.
   */
  folder?: string | null;
}
/**
 * Which stretch of history is asked for, and of what.
 */
export interface TrendsQuery {
  /**
   * The oldest revision, or its date (YYYY-MM-DD).
   */
  since?: string | null;
  /**
   * The newest revision, or its date; HEAD by default.
   */
  until?: string | null;
  /**
   * A file, folder or glob below the root.
   */
  path?: string | null;
  /**
   * Findings of this rule alone.
   */
  rule?: string | null;
  /**
   * How this function went: a name, or a qualified one such as Outer.inner.
   */
  symbol?: string | null;
  /**
   * How the function at a place of this file went.
   */
  uri?: string | null;
  /**
   * The place in that file.
   */
  position?: Position | null;
  /**
   * How many revisions at most.
   */
  points?: number;
  /**
   * How many functions at most.
   */
  limit?: number;
  /**
   * URI of a folder; all workspace folders by default.
   */
  folder?: string | null;
}
/**
 * How debt went: folder by folder, the oldest revision first.
 *
 * `symbols` are the functions that grew most, or the one that was asked for. `notes` say what the
 * figures leave out.
 */
export interface Trends {
  points: TrendPoint[];
  symbols: SymbolTrend[];
  notes: string[];
}
/**
 * One revision of a folder: what was there, and what came and went since the point before.
 */
export interface TrendPoint {
  folder: string;
  date: string;
  commit: string;
  open: number;
  added: number;
  resolved: number;
  effortHours: number;
  byRule: {
    [k: string]: RuleCount;
  };
}
/**
 * The findings of one rule.
 */
export interface RuleCount {
  open: number;
  effortHours: number;
}
/**
 * How one function went, the oldest revision first; `growth` is of cognitive complexity.
 */
export interface SymbolTrend {
  uri: string;
  symbol: string;
  growth: number;
  values: SymbolValue[];
}
/**
 * A function as one revision had it, under the path and the name that it had then.
 */
export interface SymbolValue {
  date: string;
  commit: string;
  path: string;
  name: string;
  codeLines: number;
  cognitive: number;
  cyclomatic: number;
}
/**
 * A place in a file, or a symbol by name or id.
 */
export interface ExplainQuery {
  /**
   * The file, as a URI.
   */
  uri?: string | null;
  /**
   * The place in that file.
   */
  position?: Position | null;
  /**
   * A name, a qualified name such as Outer.inner, or an id.
   */
  symbol?: string | null;
  /**
   * Whether the editor asks its user to which caller or test to go.
   */
  offer?: boolean;
  /**
   * URI of a folder; all workspace folders by default.
   */
  folder?: string | null;
}
/**
 * What hover shows, and more; `others` are further symbols of the name that was asked for.
 */
export interface Explanation {
  symbol: SymbolForm;
  signature: string;
  summary: string;
  callers: Neighbour[];
  callees: Neighbour[];
  tests: SymbolForm[];
  owners: Owner[];
  churn: Churn | null;
  complexity: Complexity | null;
  debt: DebtItem[];
  knowledge: string[];
  docs: string;
  markdown: string;
  others: SymbolForm[];
}
/**
 * A symbol and where it is defined; `selectionRange` is its name.
 */
export interface SymbolForm {
  id: string;
  name: string;
  container: string;
  kind: string;
  language: string;
  uri: string;
  range: Range;
  selectionRange: Range;
}
/**
 * A symbol at the other end of calls; `at` is the first place, in the caller's file.
 */
export interface Neighbour {
  symbol: SymbolForm;
  uri: string;
  at: Range;
  count: number;
  confidence: number;
}
/**
 * Someone who wrote lines that still stand, and their share of the symbol, 0 to 1.
 */
export interface Owner {
  name: string;
  lines: number;
  share: number;
}
/**
 * How often the symbol changed and when last; `fileCommits` within the last year.
 *
 * `uncommitted` counts its lines that are not committed yet.
 */
export interface Churn {
  commits: number;
  fileCommits: number;
  uncommitted: number;
  lastCommit: string;
  lastAuthor: string;
  lastTime: number;
  lastSubject: string;
}
/**
 * Size and complexity of a function.
 */
export interface Complexity {
  cyclomatic: number;
  cognitive: number;
  nesting: number;
  codeLines: number;
  lines: number;
  parameters: number;
}
/**
 * Which part of which graph is asked for, and how it is to be drawn.
 */
export interface GraphQuery {
  /**
   * Imports between files, calls, import cycles, or what changes together.
   */
  kind: "calls" | "coupling" | "cycles" | "dependencies";
  /**
   * A file, folder or glob below the root, or a file's URI.
   */
  scope?: string | null;
  /**
   * How many steps to go beyond the scope.
   */
  depth?: number;
  /**
   * What a node is; symbols for calls and files for the rest by default.
   */
  level?: ("file" | "folder" | "symbol") | null;
  /**
   * How many nodes at most, the best connected first.
   */
  limit?: number | null;
  /**
   * Data, or the text of a drawing.
   */
  format?: "dot" | "json" | "mermaid";
  /**
   * URI of a folder; all workspace folders by default.
   */
  folder?: string | null;
}
/**
 * Nodes, edges, and how many nodes were left out, and cycles where asked for; or a text.
 */
export interface Graph {
  nodes?: NodeForm[];
  edges?: EdgeForm[];
  leftOut?: number;
  cycles?: CycleForm[];
  text?: string;
}
/**
 * A file, folder or symbol: its lines, cyclomatic complexity, and hours of debt inside it.
 *
 * `churn` counts commits within the last year: to the file, to a symbol's file, and those to the
 * files directly in a folder added up.
 */
export interface NodeForm {
  id: string;
  label: string;
  kind: string;
  uri: string;
  range: Range;
  lines: number;
  complexity: number;
  debt: number;
  churn: number;
}
/**
 * One edge between nodes, `count` places strong; confidence is 0 to 1.
 */
export interface EdgeForm {
  source: string;
  target: string;
  kind: string;
  count: number;
  confidence: number;
  deferred: boolean;
}
/**
 * Files that import each other in a circle, the shortest way round, and the import to cut.
 */
export interface CycleForm {
  files: string[];
  shortest: string[];
  cut: EdgeForm;
  freed: number;
}
/**
 * Nothing but the folder.
 */
export interface NoArgument {
  /**
   * URI of a folder; all workspace folders by default.
   */
  folder?: string | null;
}
/**
 * The generation that holds everything, and how long it took to get there.
 */
export interface Flushed {
  generation: number;
  tookMs: number;
}
/**
 * The state of the session: of all its folders together, and of each.
 */
export interface Status {
  version: string;
  state: "indexing" | "paused" | "ready" | "starting";
  health: "error" | "ok" | "warning";
  files: number;
  symbols: number;
  embedded: number;
  pending: number;
  generation: number;
  model: ModelForm;
  store: StoreForm;
  latency: {
    [k: string]: MethodLatency;
  };
  cache: CacheForm;
  problems: Problem[];
  folders: FolderStatus[];
}
/**
 * The embedding model that answers; the dimension is 0 where there is none.
 */
export interface ModelForm {
  name?: string;
  dimension?: number;
  precision?: string;
  device?: string;
  next?: NextForm | null;
}
/**
 * A model that takes over once it has embedded all texts: how many it has, and of how many.
 */
export interface NextForm {
  name: string;
  done: number;
  total: number;
}
/**
 * Where the index lies, and its size in bytes.
 */
export interface StoreForm {
  path?: string;
  bytes?: number;
}
/**
 * How often a method was answered, and within how many milliseconds for half and for 95 %.
 */
export interface MethodLatency {
  count: number;
  p50Ms: number;
  p95Ms: number;
}
/**
 * The share of texts whose vectors were there already, 0 to 1.
 */
export interface CacheForm {
  hitRate?: number;
}
/**
 * Something that is off, and what to do; severity 5 is an error, 4 a warning, 3 a note.
 */
export interface Problem {
  severity: number;
  message: string;
  mend?: string;
}
/**
 * The state of one root.
 *
 * `skipped` counts the files that are left out, by reason; `filesRead` how often one was opened
 * since the indexer began.
 */
export interface FolderStatus {
  root: string;
  state?: "indexing" | "paused" | "ready" | "starting";
  health?: "error" | "ok" | "warning";
  files?: number;
  symbols?: number;
  embedded?: number;
  pending?: number;
  generation?: number;
  model?: ModelForm;
  store?: StoreForm;
  latency?: {
    [k: string]: MethodLatency;
  };
  cache?: CacheForm;
  skipped?: {
    [k: string]: number;
  };
  watching?: WatchingForm;
  filesRead?: number;
  progress?: ProgressForm | null;
  problems?: Problem[];
}
/**
 * How changes on disk come to be known: by events, by looking through all at an interval.
 *
 * `watches` counts folders (elsewhere than on Linux trees of folders), `events` what the system
 * told since the indexer began; "nothing" watches where the settings say so.
 */
export interface WatchingForm {
  by?: "events" | "nothing" | "polling";
  watches?: number;
  events?: number;
  intervalSeconds?: number | null;
}
/**
 * How far bulk work has come: `share` of all of it, 0 to 1; no time where it is not known.
 */
export interface ProgressForm {
  phase: string;
  done: number;
  total: number;
  share: number;
  secondsLeft: number | null;
}
/**
 * What is looked for, and where.
 */
export interface SearchQuery {
  /**
   * Words; "..." is an exact phrase; lang: kind: path: -path: filter.
   */
  query: string;
  /**
   * How many results at most; the setting search.limit by default.
   */
  limit?: number | null;
  /**
   * Results in this language alone.
   */
  language?: string | null;
  /**
   * Symbols of this kind alone.
   */
  kind?:
    | (
        | "class"
        | "enum"
        | "function"
        | "impl"
        | "interface"
        | "macro"
        | "method"
        | "module"
        | "namespace"
        | "record"
        | "section"
        | "struct"
        | "trait"
        | "type"
        | "union"
      )
    | null;
  /**
   * Files below a folder or of a glob alone.
   */
  path?: string | null;
  /**
   * Lexical ranks without vectors, semantic by vectors alone.
   */
  mode?: "hybrid" | "lexical" | "semantic";
  /**
   * URI of a folder; all workspace folders by default.
   */
  folder?: string | null;
}
/**
 * Results, best first; `complete` says that nothing was pending when it was searched.
 */
export interface Hits {
  results: HitForm[];
  tookMs: number;
  complete: boolean;
  generation: number;
}
/**
 * One result; `similarity`, 0 to 1, is given by `codearch.similar`.
 *
 * `snippetLine` is the line of the file that the snippet begins at.
 */
export interface HitForm {
  uri: string;
  range: Range;
  symbol: string;
  container: string;
  kind: string;
  language: string;
  score: number;
  snippet: string;
  snippetLine: number;
  highlights: Range[];
  why: WhyForm[];
  similarity?: number;
}
/**
 * One signal that lifted a result, with what it saw.
 */
export interface WhyForm {
  signal: string;
  detail: string;
}
/**
 * A place in a file, or a piece of code and its language.
 */
export interface SimilarQuery {
  /**
   * The file, as a URI.
   */
  uri?: string | null;
  /**
   * The place in that file.
   */
  position?: Position | null;
  /**
   * Code to compare with.
   */
  code?: string | null;
  /**
   * The language of `code`.
   */
  language?: string | null;
  /**
   * The least similarity, the cosine of the vectors.
   */
  threshold?: number;
  /**
   * Whether code in other languages is given as well.
   */
  crossLanguage?: boolean;
  /**
   * How many results at most; the setting search.limit by default.
   */
  limit?: number | null;
  /**
   * URI of a folder; all workspace folders by default.
   */
  folder?: string | null;
}
/**
 * Letters of a name, and how many symbols are wanted.
 */
export interface SymbolsQuery {
  /**
   * Letters that the name holds in this order.
   */
  query: string;
  /**
   * How many symbols at most.
   */
  limit?: number;
  /**
   * URI of a folder; all workspace folders by default.
   */
  folder?: string | null;
}
/**
 * Symbols whose names fit, the best first; each folder's own after another's.
 */
export interface Symbols {
  symbols: SymbolForm[];
}

/** What each command of the server takes and gives. */
export interface Commands {
  "codearch.debt.fix": { argument: FixQuery; result: Mend };
  "codearch.debt.list": { argument: DebtQuery; result: DebtList };
  "codearch.debt.resolve": { argument: Verdict; result: DebtItem };
  "codearch.debt.trends": { argument: TrendsQuery; result: Trends };
  "codearch.explain": { argument: ExplainQuery; result: Explanation };
  "codearch.graph": { argument: GraphQuery; result: Graph };
  "codearch.index.flush": { argument: NoArgument; result: Flushed };
  "codearch.index.pause": { argument: NoArgument; result: Status };
  "codearch.index.rebuild": { argument: NoArgument; result: Status };
  "codearch.index.resume": { argument: NoArgument; result: Status };
  "codearch.search": { argument: SearchQuery; result: Hits };
  "codearch.similar": { argument: SimilarQuery; result: Hits };
  "codearch.status": { argument: NoArgument; result: Status };
  "codearch.symbols": { argument: SymbolsQuery; result: Symbols };
}
