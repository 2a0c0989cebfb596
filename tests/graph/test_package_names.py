"""Languages whose packages span files: Java, Go, C#."""

from memory import MemoryWorkspace

JAVA = {
    "core/src/main/java/com/acme/shop/Cart.java": """
        package com.acme.shop;
        import com.acme.store.*;
        import com.acme.store.Disk.Block;
        import static com.acme.util.Texts.trim;
        import java.util.List;

        public class Cart extends Base implements Priced {
            private final Store store;
            private List<Item> items;
            Cart(Store store) { super(store); this.store = store; }
            public long price() {
                trim("x");
                store.save(this);
                store.open().write(1, 2);
                log("a");
                items.size();
                new Block(3);
                return total(Item.of("q"));
            }
            private long total(Item item) { return 0; }
            private long total(Item a, Item b) { return 1; }
        }
    """,
    "core/src/main/java/com/acme/shop/Base.java": """
        package com.acme.shop;
        abstract class Base { Base(Object o) {} protected void log(String text) {} }
    """,
    "core/src/main/java/com/acme/shop/Item.java": """
        package com.acme.shop;
        public record Item(String name) { public static Item of(String n) { return new Item(n); } }
        interface Priced { long price(); }
    """,
    "core/src/main/java/com/acme/store/Store.java": """
        package com.acme.store;
        public interface Store { void save(Object o); Disk open(); }
    """,
    "core/src/main/java/com/acme/store/Disk.java": """
        package com.acme.store;
        public class Disk {
            public static class Block { public Block(int n) {} }
            public void write(int a) {}
            public void write(int a, int b) {}
        }
    """,
    "core/src/main/java/com/acme/util/Texts.java": """
        package com.acme.util;
        public final class Texts { public static String trim(String s) { return s.trim(); } }
    """,
}


def test_java():
    space = MemoryWorkspace(JAVA)
    cart = "core/src/main/java/com/acme/shop/Cart.java"
    store = "core/src/main/java/com/acme/store/"
    assert space.calls(cart, least=0.8) == {
        "Base": "core/src/main/java/com/acme/shop/Base.java:Base.Base",
        "trim": "core/src/main/java/com/acme/util/Texts.java:Texts.trim",
        "store.save": store + "Store.java:Store.save",
        "store.open": store + "Store.java:Store.open",
        "store.open().write": store + "Disk.java:Disk.write",
        "log": "core/src/main/java/com/acme/shop/Base.java:Base.log",
        "Block": store + "Disk.java:Disk.Block.Block",
        "total": cart + ":Cart.total",
        "Item.of": "core/src/main/java/com/acme/shop/Item.java:Item.of",
    }
    assert space.imports(cart) == {
        "com.acme.store": [store + "Disk.java", store + "Store.java"],
        "com.acme.store.Disk.Block": [store + "Disk.java"],
        "com.acme.util.Texts": ["core/src/main/java/com/acme/util/Texts.java"],
        "java.util.List": [],
    }
    assert space.resolve(cart).neighbours == (
        "core/src/main/java/com/acme/shop/Base.java",
        "core/src/main/java/com/acme/shop/Item.java",
    )


def test_java_overloads_are_told_apart_by_their_arguments():
    space = MemoryWorkspace(JAVA)
    cart = "core/src/main/java/com/acme/shop/Cart.java"
    facts = space.files[cart]
    for each in space.resolve(cart).calls:
        call = facts.calls[each.index]
        if call.name in {"total", "write"}:
            chosen = space.outlines[each.path].members[each.symbol]
            assert chosen.most == call.arguments


GO = {
    "go.mod": "module example.com/shop\n\ngo 1.22\n",
    "tools/go.mod": "module example.com/shop/tools\n",
    "main.go": """package main
import (
    "fmt"
    db "example.com/shop/internal/store"
    "example.com/shop/tools/go-text"
)
func main() {
    s, err := db.Open("x")
    s.Save(1)
    s.Log("a")
    fmt.Println(text.Trim("b"), err)
    helper()
}
""",
    "helper.go": "package main\n\nfunc helper() {}\n",
    "helper_test.go": 'package main\n\nimport "testing"\n\nfunc TestHelper(t *testing.T) { helper() }\n',
    "internal/store/store.go": """package store
type Base struct{}
func (b *Base) Log(s string) {}
type Store struct { *Base; name string }
func Open(name string) (*Store, error) { return &Store{}, nil }
""",
    "internal/store/save.go": "package store\n\nfunc (s *Store) Save(n int) { s.flush() }\nfunc (s *Store) flush() {}\n",
    "tools/go-text/text.go": "package text\n\nfunc Trim(s string) string { return s }\n",
}


def test_go():
    space = MemoryWorkspace(GO)
    assert space.calls("main.go", least=0.8) == {
        "db.Open": "internal/store/store.go:Open",
        "s.Save": "internal/store/save.go:Store.Save",
        "s.Log": "internal/store/store.go:Base.Log",
        "text.Trim": "tools/go-text/text.go:Trim",
        "helper": "helper.go:helper",
    }
    assert space.imports("main.go") == {
        "fmt": [],
        "example.com/shop/internal/store": ["internal/store/save.go", "internal/store/store.go"],
        "example.com/shop/tools/go-text": ["tools/go-text/text.go"],
    }
    assert space.resolve("main.go").neighbours == ("helper.go",)
    (link,) = space.resolve("helper_test.go").tests
    assert space.name(link.path, link.tested) == "helper.go:helper"


def test_a_type_that_is_only_named_is_a_dependency():
    space = MemoryWorkspace(
        {
            "a/go.mod": "module m\n",
            "a/x/x.go": "package x\n\ntype Used struct{}\n",
            "a/x/y.go": "package x\n\ntype Unused struct{}\n",
            "a/main.go": 'package main\n\nimport "m/x"\n\nfunc f(u *x.Used) {}\n',
            "b/A.java": "package b; class A { private B b; }",
            "b/B.java": "package b; class B {}",
        }
    )
    assert space.imports("a/main.go") == {"m/x": ["a/x/x.go"]}
    assert space.resolve("b/A.java").neighbours == ("b/B.java",)


def test_csharp():
    space = MemoryWorkspace(
        {
            "src/Core/Store.cs": """
                namespace Acme.Core;
                public partial class Store : StoreBase { public Item Load(int id) => new Item(id); }
                public class Item { public Item(int id) {} public void Touch() {} public string Name { get; set; } }
            """,
            "src/Core/Store.Save.cs": """
                namespace Acme.Core { public partial class Store { public void Save(Item item) { Check(); } } }
            """,
            "src/Core/StoreBase.cs": """
                namespace Acme.Core { public abstract class StoreBase { protected void Check() {} } }
            """,
            "src/Core/Extensions.cs": """
                namespace Acme.Core;
                public static class Extensions { public static void Twice(this StoreBase store, int n) {} }
            """,
            "src/Web/Page.cs": """
                using System;
                using Acme.Core;
                using S = Acme.Core.Store;
                namespace Acme.Web {
                    public class Page {
                        private readonly Store _store = new Store();
                        public S Other { get; } = new S();
                        void Show() {
                            var item = _store.Load(1);
                            item.Touch();
                            _store.Save(item);
                            Other.Save(item);
                            _store.Twice(2);
                            Console.WriteLine(item.Name.ToUpper());
                        }
                    }
                }
            """,
        }
    )
    store = "src/Core/Store.cs:"
    found = space.calls("src/Web/Page.cs", least=0.8)
    assert {name: target.replace("Acme.Core.", "") for name, target in found.items()} == {
        "Store": store + "Store",
        "S": store + "Store",
        "_store.Load": store + "Store.Load",
        "item.Touch": store + "Item.Touch",
        "_store.Save": "src/Core/Store.Save.cs:Store.Save",
        "Other.Save": "src/Core/Store.Save.cs:Store.Save",
        "_store.Twice": "src/Core/Extensions.cs:Extensions.Twice",
    }
    assert space.calls("src/Core/Store.Save.cs", least=0.8) == {
        "Check": "src/Core/StoreBase.cs:Acme.Core.StoreBase.Check"
    }
    assert space.imports("src/Web/Page.cs")["Acme.Core"] == [
        "src/Core/Extensions.cs",
        "src/Core/Store.Save.cs",
        "src/Core/Store.cs",
    ]


def test_what_holds_a_type_does_not_derive_from_it():
    space = MemoryWorkspace(
        {
            "Item.java": "class Item { void buy() {} }\n",
            "Items.java": "class Items implements Iterator<Item> { void all() { buy(); } }\n",
            "Toy.java": "class Toy extends Item implements Comparable<Item> { void play() { buy(); } }\n",
        }
    )
    assert space.resolve("Items.java").bases == ()
    assert space.calls("Items.java") == {}
    assert [each.path for each in space.resolve("Toy.java").bases] == ["Item.java"]
    assert space.calls("Toy.java") == {"buy": "Item.java:Item.buy"}
