export type * from "./commands.ts";
export { remembered, suggested } from "./history.ts";
export type * from "./messages.ts";
