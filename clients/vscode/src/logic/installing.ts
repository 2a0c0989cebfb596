import { programIn } from "./finding.ts";

export type Tool = "uv" | "venv";

export interface Step {
  command: string;
  arguments: string[];
}

export interface Plan {
  tool: Tool;
  /** The program `uv`, or a Python of 3.11 or later. */
  program: string;
  /** The environment's folder, which does not exist yet. */
  folder: string;
  requirement: string;
  /** A folder of wheels; empty takes them from the package index. */
  wheels: string;
  windows: boolean;
}

/** The programs to run, one after the other, to have the server in an environment of its own. */
export function steps(plan: Plan): Step[] {
  const python = programIn(plan.folder, "python", plan.windows);
  const from = plan.wheels ? ["--no-index", "--find-links", plan.wheels] : [];
  if (plan.tool === "uv") {
    const offline = plan.wheels ? ["--offline"] : [];
    return [
      { command: plan.program, arguments: ["venv", ...offline, "--python", ">=3.11", plan.folder] },
      {
        command: plan.program,
        arguments: ["pip", "install", ...offline, ...from, "--python", python, plan.requirement],
      },
    ];
  }
  const pip = ["-m", "pip", "install", "--disable-pip-version-check", "--no-input"];
  return [
    { command: plan.program, arguments: ["-m", "venv", plan.folder] },
    { command: python, arguments: [...pip, ...from, plan.requirement] },
  ];
}
