/** What we use of markdown-it, which brings no types. */
declare module "markdown-it" {
  export interface Token {
    type: string;
    tag: string;
    nesting: -1 | 0 | 1;
    content: string;
    info: string;
    children: Token[] | null;
    attrGet(name: string): string | null;
  }
  export default class MarkdownIt {
    constructor(options: { html: boolean; linkify: boolean; breaks: boolean });
    parse(source: string, environment: object): Token[];
  }
}
