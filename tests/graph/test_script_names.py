"""JavaScript and TypeScript: modules as Node, TypeScript and bundlers find them."""

import json

import pytest
from memory import MemoryWorkspace


def target(files: dict[str, str], importer: str, specifier: str) -> list[str]:
    source = f'import {{ thing }} from "{specifier}";\nthing();\n'
    return MemoryWorkspace(files | {importer: source}).imports(importer)[specifier]


@pytest.mark.parametrize(
    ("specifier", "file"),
    [
        ("./b", "src/b.ts"),
        ("./b.js", "src/b.ts"),
        ("../lib/c", "lib/c/index.tsx"),
        ("./data.json", "src/data.json"),
        ("./d.mjs", "src/d.mts"),
    ],
)
def test_relative_specifiers(specifier, file):
    assert target({file: "export const thing = 1;"}, "src/a.ts", specifier) == [file]


def test_what_is_not_there_or_not_ours_has_no_target():
    assert target({}, "src/a.ts", "./gone") == []
    assert target({}, "src/a.ts", "../../outside") == []
    assert target({"react.ts": ""}, "src/a.ts", "react") == []


def test_paths_base_url_and_extends_of_tsconfig():
    files = {
        "tsconfig.base.json": """{
            // shared
            "compilerOptions": { "baseUrl": ".", "paths": { "@core/*": ["packages/core/src/*"], "~app": ["app/main"], }, },
        }""",
        "app/tsconfig.json": '{ "extends": "../tsconfig.base.json" }',
        "packages/core/src/log.ts": "export function thing() {}",
        "app/main.ts": "",
        "shared/x.ts": "",
    }
    assert target(files, "app/deep/a.ts", "@core/log") == ["packages/core/src/log.ts"]
    assert target(files, "app/a.ts", "~app") == ["app/main.ts"]
    assert target(files, "app/a.ts", "shared/x") == ["shared/x.ts"]


@pytest.mark.parametrize(
    ("package", "specifier", "file"),
    [
        ({"main": "dist/index.js"}, "@acme/ui", "packages/ui/src/index.ts"),
        ({"main": "lib/start.js"}, "@acme/ui", "packages/ui/lib/start.js"),
        ({}, "@acme/ui/button", "packages/ui/src/button.tsx"),
        (
            {"exports": {".": {"import": "./dist/esm/main.js"}}},
            "@acme/ui",
            "packages/ui/src/main.ts",
        ),
        (
            {"exports": {"./icons/*": "./source/icons/*.ts"}},
            "@acme/ui/icons/plus",
            "packages/ui/source/icons/plus.ts",
        ),
    ],
)
def test_packages_of_a_workspace(package, specifier, file):
    files = {
        "package.json": '{"workspaces": ["packages/*"]}',
        "packages/ui/package.json": json.dumps({"name": "@acme/ui"} | package),
        file: "export const thing = 1;",
    }
    assert target(files, "packages/web/src/a.ts", specifier) == [file]


def test_internal_imports_and_the_custom_alias_for_sources():
    files = {
        "web/package.json": '{"name": "web", "imports": {"#db": "./src/db.ts"}}',
        "web/src/db.ts": "",
        "web/src/views/home.vue": "",
    }
    assert target(files, "web/src/deep/a.ts", "#db") == ["web/src/db.ts"]
    assert target(files, "web/src/deep/a.ts", "@/views/home.vue") == ["web/src/views/home.vue"]


def test_calls_through_barrels_defaults_and_renames():
    space = MemoryWorkspace(
        {
            "src/api/client.ts": """
                export default class Client { get(path: string): Reply { return new Reply(); } }
                export class Reply { json() { return {}; } }
                function hidden() {}
                export { hidden as shown };
            """,
            "src/api/index.ts": """
                export { default as Client } from "./client";
                export * from "./client";
                export * as raw from "./client";
            """,
            "src/use.ts": """
                import { Client, Reply as R, shown, raw } from "./api";
                import Direct from "./api/client";
                class Service { constructor(private client: Client) {}
                  run() { this.client.get("x").json(); shown(); raw.shown(); new R(); }
                }
                new Direct().get("y");
            """,
        }
    )
    client = "src/api/client.ts:"
    assert space.calls("src/use.ts", least=0.8) == {
        "this.client.get": client + "Client.get",
        'this.client.get("x").json': client + "Reply.json",
        "shown": client + "hidden",
        "raw.shown": client + "hidden",
        "R": client + "Reply",
        "Direct": client + "Client",
        "new Direct().get": client + "Client.get",
    }


def test_common_js():
    space = MemoryWorkspace(
        {
            "lib/store.js": """
                function Store() {}
                Store.prototype.load = function () { this.check(); };
                Store.prototype.check = function () {};
                module.exports = Store;
                module.exports.open = open;
                function open() { return new Store(); }
            """,
            "lib/tools.js": """
                const helpers = { trim() {}, pad: (x) => x };
                exports.helpers = helpers;
                exports.run = () => helpers.trim();
            """,
            "main.js": """
                const Store = require("./lib/store");
                const { run, helpers } = require("./lib/tools");
                const store = new Store();
                store.load();
                Store.open().load();
                run();
                helpers.pad(1);
            """,
        }
    )
    assert space.calls("lib/store.js")["this.check"] == "lib/store.js:Store.check"
    assert space.calls("lib/tools.js")["helpers.trim"] == "lib/tools.js:helpers.trim"
    assert space.calls("main.js", least=0.8) == {
        "Store": "lib/store.js:Store",
        "store.load": "lib/store.js:Store.load",
        "Store.open": "lib/store.js:open",
        "Store.open().load": "lib/store.js:Store.load",
        "run": "lib/tools.js:run",
        "helpers.pad": "lib/tools.js:helpers.pad",
    }


def test_type_only_and_lazy_imports_are_deferred():
    source = """
        import type { A } from "./a";
        import { b } from "./b";
        const load = () => import("./c");
    """
    space = MemoryWorkspace({"m.ts": source, "a.ts": "", "b.ts": "", "c.ts": ""})
    found = {each.targets[0]: each.deferred for each in space.resolve("m.ts").imports}
    assert found == {"a.ts": True, "b.ts": False, "c.ts": True}
