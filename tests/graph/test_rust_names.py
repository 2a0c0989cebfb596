"""Rust: modules are files, crates are those of Cargo.toml, methods stand in impl blocks."""

from __future__ import annotations

from memory import MemoryWorkspace

CRATE = '[package]\nname = "my-shop"\n'


def test_modules_are_files_and_super_is_the_module_around() -> None:
    workspace = MemoryWorkspace(
        {
            "Cargo.toml": CRATE,
            "src/lib.rs": "pub mod cart;\nmod util;\n\nfn root() {}\n",
            "src/util.rs": "pub fn round() {}\n",
            "src/cart/mod.rs": """
                mod item;
                use crate::util::{self, round};
                use self::item::Item;

                pub fn total(item: &Item) {
                    round();
                    util::round();
                    super::root();
                    item.price();
                }

                #[cfg(test)]
                mod tests {
                    use super::*;

                    #[test]
                    fn adds() {
                        total(&Item::new());
                        super::total(&Item::new());
                    }
                }
            """,
            "src/cart/item.rs": """
                pub struct Item;
                impl Item {
                    pub fn new() -> Self { Item }
                    pub fn price(&self) -> u8 { 1 }
                }
            """,
        }
    )
    assert workspace.imports("src/lib.rs")["cart"] == ["src/cart/mod.rs"]
    assert workspace.calls("src/cart/mod.rs", 0.8) == {
        "round": "src/util.rs:round",
        "util.round": "src/util.rs:round",
        "super.root": "src/lib.rs:root",
        "item.price": "src/cart/item.rs:Item.price",
        "total": "src/cart/mod.rs:total",
        "Item.new": "src/cart/item.rs:Item.new",
        "super.total": "src/cart/mod.rs:total",
    }


def test_types_follow_constructors_fields_and_results() -> None:
    workspace = MemoryWorkspace(
        {
            "Cargo.toml": CRATE,
            "src/main.rs": """
                use my_shop::shop::{open, Shop};

                struct App { shop: Shop }

                impl App {
                    fn run(&self) -> Result<(), Error> {
                        self.shop.close();
                        let built = Shop::new();
                        built.close();
                        open()?.close();
                        self.helper();
                        println!("{}", built.name());
                        Ok(())
                    }
                    fn helper(&self) {}
                }
            """,
            "src/lib.rs": "pub mod shop;\n",
            "src/shop.rs": """
                pub struct Shop;
                pub fn open() -> Result<Shop, Error> { Ok(Shop) }
                impl Shop {
                    pub fn new() -> Self { Shop }
                    pub fn close(&self) {}
                    pub fn name(&self) -> String { String::new() }
                }
            """,
        }
    )
    calls = workspace.calls("src/main.rs")
    assert calls["self.shop.close"] == "src/shop.rs:Shop.close"
    assert calls["built.close"] == "src/shop.rs:Shop.close"
    assert calls["open()?.close"] == "src/shop.rs:Shop.close"
    assert calls["self.helper"] == "src/main.rs:App.helper"
    assert calls["built.name"] == "src/shop.rs:Shop.name"
    assert calls["open"] == "src/shop.rs:open"


def test_a_macro_is_no_function_of_its_name() -> None:
    workspace = MemoryWorkspace(
        {
            "Cargo.toml": CRATE,
            "src/lib.rs": """
                macro_rules! shout { ($x:expr) => { helper($x) } }
                fn format() {}
                fn helper(x: u8) {}
                fn use_them() { format!("{}", 1); shout!(1); format(); }
            """,
        }
    )
    facts = workspace.files["src/lib.rs"]
    resolved = workspace.resolve("src/lib.rs").calls
    macros = [
        facts.calls[each.index].name for each in resolved if facts.calls[each.index].kind == "macro"
    ]
    assert macros == ["shout"]
    assert workspace.calls("src/lib.rs")["helper"] == "src/lib.rs:helper"
