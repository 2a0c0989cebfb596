"""C and C++: includes, definitions before declarations, members from methods defined outside."""

from __future__ import annotations

from memory import MemoryWorkspace


def test_includes_and_definitions_of_what_headers_declare() -> None:
    workspace = MemoryWorkspace(
        {
            "include/lib/list.h": "struct list;\nint list_add(struct list *list, int x);\n",
            "src/list.c": """
                #include "lib/list.h"
                static int grow(struct list *list) { return 0; }
                int list_add(struct list *list, int x) { return grow(list); }
            """,
            "src/queue.c": "static int grow(void) { return 1; }\nint f(void) { return grow(); }\n",
            "src/main.c": """
                #include <stdio.h>
                #include "lib/list.h"
                #include "local.h"
                int main(void) { printf("x"); return list_add(0, 1) + LOCAL(2); }
            """,
            "src/local.h": "#define LOCAL(x) list_add(0, x)\n",
        }
    )
    assert workspace.imports("src/main.c") == {
        "stdio.h": [],
        "lib/list.h": ["include/lib/list.h"],
        "local.h": ["src/local.h"],
    }
    assert workspace.calls("src/main.c", 0.8) == {
        "list_add": "src/list.c:list_add",
        "LOCAL": "src/local.h:LOCAL",
    }
    assert workspace.calls("src/list.c")["grow"] == "src/list.c:grow"
    assert workspace.calls("src/queue.c")["grow"] == "src/queue.c:grow"
    assert workspace.calls("src/local.h")["list_add"] == "src/list.c:list_add"


TABLE_H = """
    #pragma once
    namespace db {
    class Cache {
     public:
      void clear();
    };
    class Base {
     public:
      void log();
    };
    class Table : public Base {
     public:
      static Table* Open(int id);
      int count() const;

     private:
      void rebuild();
      Cache cache_;
      std::unique_ptr<Cache> spare_;
    };
    }
"""
TABLE_CC = """
    #include "table.h"
    namespace db {
    Table* Table::Open(int id) { return new Table(); }
    int Table::count() const {
      rebuild();
      this->rebuild();
      log();
      cache_.clear();
      spare_->clear();
      return 0;
    }
    void Table::rebuild() {}
    void Cache::clear() {}
    void Base::log() {}
    }
"""


def test_methods_defined_outside_see_their_class() -> None:
    workspace = MemoryWorkspace({"db/table.h": TABLE_H, "db/table.cc": TABLE_CC})
    calls = workspace.calls("db/table.cc", 0.8)
    assert calls["rebuild"] == "db/table.cc:db.Table.rebuild"
    assert calls["this.rebuild"] == "db/table.cc:db.Table.rebuild"
    assert calls["log"] == "db/table.cc:db.Base.log"
    assert calls["cache_.clear"] == "db/table.cc:db.Cache.clear"
    assert calls["spare_.clear"] == "db/table.cc:db.Cache.clear"
    assert calls["Table"] == "db/table.h:db.Table"


def test_others_reach_members_by_declared_types() -> None:
    workspace = MemoryWorkspace(
        {
            "db/table.h": TABLE_H,
            "db/table.cc": TABLE_CC,
            "test/table_test.cc": """
                #include "db/table.h"
                class TableTest : public ::testing::Test {
                 protected:
                  void Fill() {}
                  db::Cache cache_;
                };
                TEST_F(TableTest, Counts) {
                  Fill();
                  cache_.clear();
                  auto table = db::Table::Open(1);
                  table->count();
                  db::Table local(2);
                  local.count();
                }
            """,
        }
    )
    calls = workspace.calls("test/table_test.cc", 0.8)
    assert calls["Fill"] == "test/table_test.cc:TableTest.Fill"
    assert calls["cache_.clear"] == "db/table.cc:db.Cache.clear"
    assert calls["db::Table.Open"] == "db/table.cc:db.Table.Open"
    assert calls["table.count"] == "db/table.cc:db.Table.count"
    assert calls["local.count"] == "db/table.cc:db.Table.count"
