// A day's work with the server: search, findings, panels, the status bar's menu, a crash.
import { debt } from "../scenes/debt.js";
import { indexing } from "../scenes/indexing.js";
import { panels } from "../scenes/panels.js";
import { reading } from "../scenes/reading.js";
import { searching } from "../scenes/searching.js";

export const work = { tests: { ...searching, ...reading, ...debt, ...indexing, ...panels } };
