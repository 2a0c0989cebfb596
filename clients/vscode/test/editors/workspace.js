// A small real repository: sources, one of them bad, a team's settings, and a history.
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";

const CART = `"""What a customer is about to buy."""


def total_price(items):
    """Add up the prices of all items."""
    return sum(item.price * item.count for item in items)


def checkout(cart, card):
    """Charge the card with what the cart costs."""
    return card.charge(total_price(cart.items))
`;

const nested = (depth) =>
  Array.from({ length: depth }, (_, at) => {
    const space = "    ".repeat(at + 1);
    return `${space}if order.flag${at} and order.part${at} > ${at}:\n${space}    order.seen${at} = True`;
  }).join("\n");

const WORST = `"""How not to do it."""
import os


def decide(order):
${nested(9)}
    return order


def run(command):
    try:
        return os.system("sh -c " + command)
    except Exception:
        pass
`;

/** Its docs name a parameter that it does not have: a finding with a quick fix. */
const DISCOUNTS = `"""Discounts of the shop."""


def reduced(price, share):
    """Return the price after a discount.

    Args:
        price: what it costs
        portion: how much of it goes, from 0 to 1
    """
    return price * (1 - share)
`;

const OTHER = (node, version) => `#!${node}
let heard = "";
process.stdin.on("data", (data) => {
  heard += data;
  const id = /"id":\\s*(\\d+)/.exec(heard)?.[1];
  if (!/"initialize"/.test(heard) || !id) return;
  heard = "";
  const result = { capabilities: {}, serverInfo: { name: "codearch", version: "${version}" } };
  const body = JSON.stringify({ jsonrpc: "2.0", id: Number(id), result });
  process.stdout.write(\`Content-Length: \${body.length}\\r\\n\\r\\n\${body}\`);
});
process.stdin.on("end", () => process.exit(0));
setTimeout(() => process.exit(0), 20000);
`;

export function git(folder, ...given) {
  const who = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org"];
  execFileSync("git", [...who, ...given], { cwd: folder, stdio: "pipe" });
}

/** A shop with a history, and one file that is new since. */
export function workspace(folder) {
  mkdirSync(path.join(folder, "shop"), { recursive: true });
  const write = (name, text) => writeFileSync(path.join(folder, name), text);
  write("shop/cart.py", CART);
  write("shop/worst.py", WORST);
  write("shop/orders.py", CART.replaceAll("cart", "order").replaceAll("total_price", "order_sum"));
  write("codearch.toml", "[search]\nlimit = 3\n");
  git(folder, "init", "-q", "-b", "main");
  git(folder, "add", ".");
  git(folder, "commit", "-qm", "Begin the shop");
  write("shop/discounts.py", DISCOUNTS);
  return folder;
}

/** A program that says it is a server of another version. */
export function otherServer(file, version) {
  writeFileSync(file, OTHER(process.execPath, version));
  chmodSync(file, 0o755);
  return file;
}
