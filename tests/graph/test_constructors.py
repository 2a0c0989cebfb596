"""Making an object calls the constructor that its arguments fit."""

import pytest
from memory import MemoryWorkspace

JAVA = """
class Shape {
  Shape(int sides) { this(sides, "no name"); }
  Shape(int sides, String name) { super(); }
  static Shape square() { return new Shape(4); }
  static Shape named(String name) { return new Shape(4, name); }
}
class Circle extends Shape { Circle() { super(1); } }
class Round extends Circle { static Round make() { return new Round(); } }
record Point(int x, int y) { Point(int both) { this(both, both); } }
enum Size { SMALL(1), LARGE(2, "big"); Size(int s) { } Size(int s, String name) { } }
class Use { Object a = new Point(1), b = new Point(1, 2), c = new Circle(); }
"""
CSHARP = """
namespace Shapes {
  public class Shape {
    public Shape(int sides) : this(sides, "no name") {}
    public Shape(int sides, string name) {}
  }
  public class Circle : Shape { public Circle() : base(1) {} }
  public class Point(int x) { public Point() : this(0) {} }
  class Use { Shape a = new Shape(4); Circle b = new(); Point c = new Point(1), d = new Point(); }
}
"""
PYTHON = """
class Shape:
    def __init__(self, sides): ...
    @classmethod
    def square(cls): return cls(4)

class Circle(Shape):
    def __init__(self): super().__init__(1)

class Round(Circle): ...

class Point:
    def __new__(cls, x): ...

def use(): return Shape(3), Circle(), Round(), Point(1), [Shape]
"""
TYPESCRIPT = """
class Shape { constructor(sides: number) {} }
class Circle extends Shape { constructor() { super(1); } }
class Round extends Circle {}
const all = [new Shape(3), new Circle(), new Round()];
"""
CPP_HEADER = "struct Shape { Shape(int sides); Shape(int sides, int corners) : Shape(sides) {} };\n"
CPP = """
#include "shape.hpp"
Shape::Shape(int sides) {}
struct Circle : Shape { Circle() : Shape(1) {} };
struct Plain { int x; };
void use() { Shape a(3); Shape b{3, 4}; auto c = new Circle(); Plain d{1}; }
"""
RUST = """
struct Shape { sides: i32 }
impl Shape { fn new(sides: i32) -> Self { Self { sides } } }
fn use_it() -> Shape { Shape::new(3) }
"""


def made(files: dict[str, str]) -> list[str]:
    """Return what each call of the last file goes to: name and parameters, in source order."""
    space = MemoryWorkspace(files)
    path = list(files)[-1]
    found = []
    for call in space.resolve(path).calls:
        symbol = space.files[call.path].symbols[call.symbol]
        name = f"{symbol.container}.{symbol.name}".lstrip(".")
        found.append(f"{name}/{len(symbol.parameters)}")
    return found


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (
            {"Shape.java": JAVA},
            (
                "Shape.Shape/2 Shape.Shape/1 Shape.Shape/2 Shape.Shape/1 Round/0 Point/2"
                " Size.Size/1 Size.Size/2 Point.Point/1 Point/2 Circle.Circle/0"
            ),
        ),
        (
            {"Shape.cs": CSHARP},
            (
                "Shapes.Shape.Shape/2 Shapes.Shape.Shape/1 Shapes.Point/1 Shapes.Shape.Shape/1"
                " Shapes.Circle.Circle/0 Shapes.Point/1 Shapes.Point.Point/0"
            ),
        ),
        (
            {"shape.py": PYTHON},
            (
                "Shape.__init__/2 Shape/0 Shape.__init__/2 Circle/0 Shape.__init__/2"
                " Circle.__init__/1 Round/0 Point.__new__/2 Shape/0"
            ),
        ),
        (
            {"shape.ts": TYPESCRIPT},
            "Shape.constructor/1 Shape.constructor/1 Circle.constructor/0 Round/0",
        ),
        (
            {"shape.hpp": CPP_HEADER, "shape.cpp": CPP},
            "Shape.Shape/1 Shape.Shape/1 Shape.Shape/2 Circle.Circle/0 Plain/0",
        ),
        ({"shape.rs": RUST}, "Shape/0 Shape.new/1"),
    ],
    ids=["java", "csharp", "python", "typescript", "cpp", "rust"],
)
def test_making_an_object_calls_the_constructor_that_fits(files, expected):
    assert made(files) == expected.split()


def test_a_test_named_after_a_class_tests_its_constructor_most_surely():
    space = MemoryWorkspace(
        {
            "shape.py": "class Shape:\n    def __init__(self): ...\n",
            "tests/test_shape.py": "from shape import Shape\ndef test_shape():\n    Shape()\n",
        }
    )
    (link,) = space.resolve("tests/test_shape.py").tests
    assert space.name(link.path, link.tested) == "shape.py:Shape.__init__"
    assert link.confidence > 0.9
