export type * from "./commands.ts";
export type * from "./messages.ts";
