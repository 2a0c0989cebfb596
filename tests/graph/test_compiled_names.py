"""Rust's modules and crates, C's linkage, C++'s classes."""

from memory import MemoryWorkspace

RUST = {
    "Cargo.toml": '[workspace]\nmembers = ["core", "app"]\n',
    "core/Cargo.toml": '[package]\nname = "my-core"\n',
    "core/src/lib.rs": """
        pub mod store;
        mod shapes;
        pub use shapes::Shape;
        #[macro_export]
        macro_rules! note { ($x:expr) => {}; }
        pub fn open(name: &str) -> Result<store::Store, String> { note!(name); store::Store::new(name) }
    """,
    "core/src/store/mod.rs": """
        use crate::shapes::{Draw, Shape};
        mod disk;
        pub struct Store { shapes: Vec<Shape>, disk: Box<disk::Disk> }
        impl Store {
            pub fn new(name: &str) -> Result<Self, String> { Ok(Self::empty()) }
            fn empty() -> Self { todo!() }
            pub fn draw_all(&self) {
                for shape in self.shapes.iter() { shape.draw(); shape.twice(); }
                self.disk.flush();
                super::open("x").unwrap().draw_all();
            }
        }
        #[cfg(test)]
        mod tests {
            use super::*;
            #[test]
            fn opens() { let store = Store::new("a").unwrap(); store.draw_all(); }
        }
    """,
    "core/src/store/disk.rs": "pub struct Disk;\nimpl Disk { pub fn flush(&self) {} }\n",
    "core/src/shapes.rs": """
        pub trait Draw { fn draw(&self); fn twice(&self) { self.draw(); } }
        pub struct Shape;
        impl Draw for Shape { fn draw(&self) {} }
    """,
    "app/Cargo.toml": '[package]\nname = "app"\n[dependencies]\nkernel = { path = "../core", package = "my-core" }\n',
    "app/src/main.rs": """
        use kernel::store::Store;
        use kernel::{note, open as begin};
        struct Other;
        impl Other { fn flush(&self) {} }
        fn main() {
            if let Ok(store) = begin("a") { store.draw_all(); }
            let shape: kernel::Shape = make();
            shape.twice();
            note!(1);
        }
        fn make() -> kernel::Shape { kernel::Shape }
    """,
}


def test_rust_modules_impls_traits_and_crates():
    space = MemoryWorkspace(RUST)
    store = "core/src/store/mod.rs:Store"
    assert space.calls("core/src/lib.rs", least=0.8) == {
        "note": "core/src/lib.rs:note",
        "store::Store.new": f"{store}.new",
    }
    assert space.calls("core/src/store/mod.rs", least=0.8) == {
        "Self.empty": f"{store}.empty",
        "shape.draw": "core/src/shapes.rs:Shape.draw",
        "shape.twice": "core/src/shapes.rs:Draw.twice",
        "self.disk.flush": "core/src/store/disk.rs:Disk.flush",
        "super.open": "core/src/lib.rs:open",
        'super::open("x").unwrap().draw_all': f"{store}.draw_all",
        "Store.new": f"{store}.new",
        "store.draw_all": f"{store}.draw_all",
    }
    assert space.calls("app/src/main.rs", least=0.8) == {
        "begin": "core/src/lib.rs:open",
        "store.draw_all": f"{store}.draw_all",
        "make": "app/src/main.rs:make",
        "shape.twice": "core/src/shapes.rs:Draw.twice",
        "note": "core/src/lib.rs:note",
    }


def test_rust_imports_are_files():
    space = MemoryWorkspace(RUST)
    assert space.imports("core/src/lib.rs") == {
        "store": ["core/src/store/mod.rs"],
        "shapes": ["core/src/shapes.rs", "core/src/shapes.rs"],
    }
    assert space.imports("app/src/main.rs") == {
        "kernel::store": ["core/src/store/mod.rs"],
        "kernel": ["core/src/lib.rs"],
    }


C = {
    "include/kit/list.h": "struct list { int size; };\ntypedef struct list list_t;\nvoid list_add(list_t *l, int v);\n#define LIST_EMPTY(l) ((l)->size == 0)\n",
    "src/list.c": '#include "kit/list.h"\n#include <stdlib.h>\nstatic int grow(list_t *l) { return 1; }\nvoid list_add(list_t *l, int v) { grow(l); }\n',
    "src/main.c": '#include <kit/list.h>\n#include "local.h"\nstatic int grow(void) { return 0; }\nint main(void) { list_add(0, grow()); return LIST_EMPTY(0) + printf("x"); }\n',
    "src/local.h": "int unused(void);\n",
    "src/string.h": "int not_the_standard_one(void);\n",
    "src/text.c": "#include <string.h>\n",
}


def test_c_prefers_definitions_and_keeps_static_functions_apart():
    space = MemoryWorkspace(C)
    assert space.calls("src/main.c", least=0.8) == {
        "list_add": "src/list.c:list_add",
        "grow": "src/main.c:grow",
        "LIST_EMPTY": "include/kit/list.h:LIST_EMPTY",
    }
    assert space.calls("src/list.c", least=0.8) == {"grow": "src/list.c:grow"}


def test_includes_are_files_and_standard_headers_are_not():
    space = MemoryWorkspace(C)
    assert space.imports("src/main.c") == {
        "kit/list.h": ["include/kit/list.h"],
        "local.h": ["src/local.h"],
    }
    assert space.imports("src/text.c") == {"string.h": []}


def test_cpp_classes_across_header_and_source():
    space = MemoryWorkspace(
        {
            "db/db.h": """
                namespace db {
                class Base { public: virtual ~Base(); void log(); };
                class Table { public: int find(int key); };
                class Store : public Base {
                 public:
                  explicit Store(int size);
                  static Store* make();
                  int get(int key);
                  int get(int key, int other);
                 private:
                  std::unique_ptr<Table> table_;
                  Table* const other_;
                };
                }
            """,
            "db/db.cc": """
                #include "db/db.h"
                namespace db {
                namespace { int helper() { return 1; } }
                void Base::log() {}
                int Table::find(int key) { return key; }
                Store* Store::make() { return new Store(3); }
                int Store::get(int key) { log(); helper(); return table_->find(key) + other_->find(1); }
                int Store::get(int key, int other) { return this->get(key); }
                }
            """,
            "main.cc": """
                #include "db/db.h"
                int main() { auto store = db::Store::make(); return store->get(1) + store->get(1, 2); }
            """,
        }
    )
    assert space.calls("db/db.cc", least=0.8) == {
        "Store": "db/db.h:db.Store.Store",
        "log": "db/db.cc:db.Base.log",
        "helper": "db/db.cc:db.helper",
        "table_.find": "db/db.cc:db.Table.find",
        "other_.find": "db/db.cc:db.Table.find",
        "this.get": "db/db.cc:db.Store.get",
    }
    main = space.resolve("main.cc")
    facts = space.files["main.cc"]
    chosen = {
        facts.calls[each.index].arguments: space.outlines[each.path].members[each.symbol].most
        for each in main.calls
        if facts.calls[each.index].name == "get"
    }
    assert chosen == {1: 1, 2: 2}
