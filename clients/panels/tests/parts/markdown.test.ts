// @vitest-environment happy-dom
import { h, render } from "preact";
import { describe, expect, test } from "vitest";
import { fenced, Markdown } from "../../src/parts/markdown.tsx";

function shown(text: string, language = ""): HTMLElement {
  const place = document.createElement("div");
  render(h(Markdown, { text, language }), place);
  return place;
}

describe("Markdown", () => {
  test("becomes elements", () => {
    const place = shown(
      "# Head\n\nSome *words*, `code`:\n\n- one\n- two\n\n```go\nfunc f() {}\n```\n",
    );
    expect(place.querySelector("h3")?.textContent).toBe("Head");
    expect(place.querySelector("em")?.textContent).toBe("words");
    expect([...place.querySelectorAll("li")].map((each) => each.textContent)).toEqual([
      "one",
      "two",
    ]);
    expect(place.querySelector("pre .hljs-keyword")?.textContent).toBe("func");
  });

  test.each([
    ["<script>window.harmed = true</script>", "script"],
    ['<img src=x onerror="harm()">', "img"],
    ["![a picture](https://elsewhere.example/x.png)", "img"],
    ["<style>* { display: none }</style>", "style"],
    ["<iframe src='//elsewhere.example'></iframe>", "iframe"],
    ["<svg onload=harm()>", "svg"],
    ["[x](javascript:harm())", "a"],
    ["[x](data:text/html,<script>harm()</script>)", "a"],
    ["[x](command:workbench.action.terminal.new)", "a"],
    ["[x](vscode://harm/it)", "a"],
    ["[x](file:///etc/passwd)", "a"],
    ["[x](//elsewhere.example)", "a"],
    ["<javascript:harm()>", "a"],
    ["[x]: javascript:harm()\n\n[x]", "a"],
    ["[x](java&#x73;cript:harm())", "a"],
    ["[x](\u0001javascript:harm())", "a"],
  ])("never becomes what could do harm: %s", (text, tag) => {
    const place = shown(text);
    expect(place.querySelector(tag)).toBeNull();
    const attributes = [...place.querySelectorAll("*")].flatMap((each) => each.getAttributeNames());
    expect(attributes.filter((each) => each !== "class")).toEqual([]);
  });

  test("keeps links to the web, which learn nothing of us", () => {
    const link = shown("[it's <b>here</b>](https://example.org/?a=1&b=2)").querySelector("a");
    expect(link?.getAttribute("href")).toBe("https://example.org/?a=1&b=2");
    expect(link?.getAttribute("rel")).toBe("noopener noreferrer");
    expect(link?.textContent).toBe("it's <b>here</b>");
  });

  test("of an interpreter's session is code", () => {
    expect(fenced("Adds.\n\n  >>> add(1,\n  ... 2)\n  3\n\nThat is all.")).toBe(
      "Adds.\n\n\n```\n>>> add(1,\n... 2)\n3\n```\n\nThat is all.",
    );
    const place = shown("Adds.\n>>> add(1, 2)\n3", "python");
    expect(place.querySelector("pre")?.textContent).toBe(">>> add(1, 2)\n3\n");
  });

  test("of great depth and length becomes few elements, with all its words", () => {
    const place = shown(
      `${">".repeat(5_000)} x\n\n${"[".repeat(5_000)}\n\n${"*a ".repeat(20_000)}`,
    );
    expect(place.querySelectorAll("*").length).toBeLessThan(100);
    expect(place.textContent?.match(/a/g)).toHaveLength(20_000);
  });
});
