/**
 * Markdown as elements: the parser's tokens become ours, one by one, and never a page's source.
 *
 * HTML in it is text, pictures are their words, and links lead to the web alone.
 */

import MarkdownIt, { type Token } from "markdown-it";
import type { ComponentChildren, JSX } from "preact";
import { useMemo } from "preact/hooks";
import { Code } from "./code.tsx";

const parser = new MarkdownIt({ html: false, linkify: false, breaks: true });
const SAFE = /^https?:\/\//i;
const TAGS = new Set(
  "blockquote em h3 h4 li ol p s strong table tbody td th thead tr ul".split(" "),
);

export function Markdown({ text, language }: { text: string; language: string }): JSX.Element {
  const shown = useMemo(() => grown(parser.parse(fenced(text), {}), language), [text, language]);
  return <div class="markdown">{shown}</div>;
}

/** Sessions of an interpreter as code: what Markdown takes for quotes of quotes. */
export function fenced(text: string): string {
  const found: string[] = [];
  let inside = false;
  for (const line of text.split("\n")) {
    const begins = /^\s*>>> ?/.test(line);
    if (begins && !inside) found.push("", "```");
    if (inside && line.trim() === "") {
      found.push("```");
      inside = false;
    }
    inside ||= begins;
    found.push(inside ? line.trimStart() : line);
  }
  if (inside) found.push("```");
  return found.join("\n");
}

interface Open {
  tag: string;
  href: string | undefined;
  children: ComponentChildren[];
}

function grown(tokens: readonly Token[], language: string): ComponentChildren[] {
  const root: Open = { tag: "", href: undefined, children: [] };
  const open = [root];
  const top = () => open[open.length - 1] as Open;
  for (const [index, token] of tokens.entries()) {
    if (token.nesting === 1) {
      open.push({ tag: token.tag, href: token.attrGet("href") ?? undefined, children: [] });
    } else if (token.nesting === -1) {
      const done = open.length > 1 ? (open.pop() as Open) : root;
      top().children.push(element(done, index));
    } else top().children.push(leaf(token, language, index));
  }
  return root.children;
}

/** Heads are those of a part of the panel: the two above are its own. */
function element({ tag, href, children }: Open, key: number): ComponentChildren {
  if (tag === "a") {
    if (!href || !SAFE.test(href)) return children;
    return (
      <a key={key} href={href} target="_blank" rel="noopener noreferrer">
        {children}
      </a>
    );
  }
  const level = /^h([1-6])$/.exec(tag)?.[1];
  const Tag = (level ? (Number(level) < 3 ? "h3" : "h4") : tag) as "p";
  return TAGS.has(Tag) ? <Tag key={key}>{children}</Tag> : children;
}

function leaf(token: Token, language: string, key: number): ComponentChildren {
  switch (token.type) {
    case "inline":
      return grown(token.children ?? [], language);
    case "softbreak":
    case "hardbreak":
      return <br key={key} />;
    case "code_inline":
      return <code key={key}>{token.content}</code>;
    case "fence":
    case "code_block":
      return <Code key={key} text={token.content} language={token.info.trim() || language} />;
    case "hr":
      return <hr key={key} />;
    default:
      return token.content; // text, the words of pictures, and what else there may be
  }
}
