package dev.rookery.lua;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Parses expressions by recursive descent with precedences. */
abstract class ExpressionParser {
  private static final int LEVELS_MAX = 200;
  private static final int UNARY_PRIORITY = 8;

  final Lexer lexer;
  private final String chunk;
  private final @Nullable BitSet knownCaptured;
  private final BitSet captured = new BitSet();
  private int declarations;
  private int levels;
  FunctionScope scope = new FunctionScope(null, 0);

  ExpressionParser(String chunk, byte[] source, @Nullable BitSet knownCaptured) {
    this.chunk = chunk;
    this.lexer = new Lexer(chunk, source);
    this.knownCaptured = knownCaptured;
  }

  abstract Proto parseBody(boolean withSelf, int line) throws LuaSyntaxException;

  BitSet captured() {
    return captured;
  }

  void enterLevel() throws LuaSyntaxException {
    if (++levels > LEVELS_MAX) {
      throw lexer.error("chunk has too many syntax levels", null);
    }
  }

  void leaveLevel() {
    levels--;
  }

  // Tokens

  Site site(int line) {
    return new Site(chunk, line, null, false);
  }

  boolean accept(int character) throws LuaSyntaxException {
    if (lexer.isCharacter(character)) {
      lexer.next();
      return true;
    }
    return false;
  }

  boolean accept(Token token) throws LuaSyntaxException {
    if (lexer.token == token) {
      lexer.next();
      return true;
    }
    return false;
  }

  void expect(int character) throws LuaSyntaxException {
    if (!accept(character)) {
      throw lexer.error("'" + (char) character + "' expected");
    }
  }

  void expect(Token token) throws LuaSyntaxException {
    if (!accept(token)) {
      throw lexer.error("'" + token.text + "' expected");
    }
  }

  void expectMatch(boolean matched, String what, String opener, int line)
      throws LuaSyntaxException {
    if (!matched) {
      throw lexer.error(
          line == lexer.line
              ? "'" + what + "' expected"
              : "'" + what + "' expected (to close '" + opener + "' at line " + line + ")");
    }
    lexer.next();
  }

  LuaString expectName() throws LuaSyntaxException {
    if (lexer.token != Token.NAME) {
      throw lexer.error("'<name>' expected");
    }
    LuaString name = lexer.text;
    lexer.next();
    return name;
  }

  // Variables

  private LuaSyntaxException limitError(int limit, String what) {
    String where = scope.line == 0 ? "main function" : "function at line " + scope.line;
    return lexer.error(where + " has more than " + limit + " " + what, null);
  }

  /** Declares the variable that is the n-th of its statement; it is not visible yet. */
  FunctionScope.Variable declare(String name, int n) throws LuaSyntaxException {
    if (scope.activeCount() + n + 1 > FunctionScope.LOCALS_MAX) {
      throw limitError(FunctionScope.LOCALS_MAX, "local variables");
    }
    int number = declarations++;
    return new FunctionScope.Variable(
        name, scope.nextSlot() + n, number, knownCaptured != null && knownCaptured.get(number));
  }

  Expr variable(LuaString name) throws LuaSyntaxException {
    String text = name.toLatin1();
    FunctionScope.Variable local = scope.find(text);
    if (local != null) {
      return local.captured()
          ? new Variables.CapturedLocal(local.slot(), name.toString())
          : new Variables.Local(local.slot(), name.toString());
    }
    int upvalue = upvalue(scope, text);
    return upvalue >= 0
        ? new Variables.Upvalue(upvalue, name.toString())
        : new Variables.Global(name, site(lexer.lastLine));
  }

  private int upvalue(FunctionScope of, String name) throws LuaSyntaxException {
    int known = of.findUpvalue(name);
    FunctionScope parent = of.parent;
    if (parent == null) {
      return -1;
    }
    FunctionScope.Variable local = parent.find(name);
    int source;
    if (local != null) {
      captured.set(local.number());
      source = local.slot();
    } else {
      int outer = upvalue(parent, name);
      if (outer < 0) {
        return -1;
      }
      source = ~outer;
    }
    if (known >= 0 && of.upvalues()[known] == source) {
      return known;
    }
    if (of.upvalueCount() >= FunctionScope.UPVALUES_MAX) {
      throw limitError(FunctionScope.UPVALUES_MAX, "upvalues");
    }
    return of.addUpvalue(name, source);
  }

  // Expressions

  Expr expression() throws LuaSyntaxException {
    return subexpression(0);
  }

  Expr[] expressionList() throws LuaSyntaxException {
    List<Expr> list = new ArrayList<>();
    do {
      list.add(expression());
    } while (accept(','));
    return list.toArray(Expr[]::new);
  }

  private record Operator(String text, int left, int right) {}

  private @Nullable Operator operator() {
    return switch (lexer.token) {
      case CHARACTER ->
          switch (lexer.character) {
            case '+' -> new Operator("+", 6, 6);
            case '-' -> new Operator("-", 6, 6);
            case '*' -> new Operator("*", 7, 7);
            case '/' -> new Operator("/", 7, 7);
            case '%' -> new Operator("%", 7, 7);
            case '^' -> new Operator("^", 10, 9);
            case '<' -> new Operator("<", 3, 3);
            case '>' -> new Operator(">", 3, 3);
            default -> null;
          };
      case CONCAT -> new Operator("..", 5, 4);
      case NE -> new Operator("~=", 3, 3);
      case EQ -> new Operator("==", 3, 3);
      case LE -> new Operator("<=", 3, 3);
      case GE -> new Operator(">=", 3, 3);
      case AND -> new Operator("and", 2, 2);
      case OR -> new Operator("or", 1, 1);
      default -> null;
    };
  }

  private Expr subexpression(int limit) throws LuaSyntaxException {
    enterLevel();
    Expr left;
    if (accept(Token.NOT)) {
      left = new Operators.Not(subexpression(UNARY_PRIORITY));
    } else if (accept('-')) {
      left = negate(subexpression(UNARY_PRIORITY));
    } else if (accept('#')) {
      Expr operand = subexpression(UNARY_PRIORITY);
      left = new Operators.Length(operand, site(lexer.lastLine));
    } else {
      left = simpleExpression();
    }
    Operator op = operator();
    while (op != null && op.left > limit) {
      lexer.next();
      Expr right = subexpression(op.right);
      left = binary(op.text, left, right);
      op = operator();
    }
    leaveLevel();
    return left;
  }

  private Expr negate(Expr operand) {
    return operand instanceof Variables.Constant constant && constant.value instanceof Double d
        ? new Variables.Constant(LuaNumber.of(-d))
        : new Operators.Negate(operand, site(lexer.lastLine));
  }

  private Expr binary(String op, Expr left, Expr right) {
    Site site = site(lexer.lastLine);
    return switch (op) {
      case "+" -> Operators.arithmetic(Ops.ADD, left, right, site);
      case "-" -> Operators.arithmetic(Ops.SUB, left, right, site);
      case "*" -> Operators.arithmetic(Ops.MUL, left, right, site);
      case "/" -> Operators.arithmetic(Ops.DIV, left, right, site);
      case "%" -> Operators.arithmetic(Ops.MOD, left, right, site);
      case "^" -> Operators.arithmetic(Ops.POW, left, right, site);
      case ".." -> concat(left, right, site);
      case "==" -> new Comparisons.Equal(left, right, false, site);
      case "~=" -> new Comparisons.Equal(left, right, true, site);
      case "<" -> new Comparisons.Less(left, right, site);
      case "<=" -> new Comparisons.LessOrEqual(left, right, site);
      case ">" -> new Comparisons.Greater(left, right, site);
      case ">=" -> new Comparisons.GreaterOrEqual(left, right, site);
      case "and" -> new Operators.And(left, right);
      default -> new Operators.Or(left, right);
    };
  }

  private static Expr concat(Expr left, Expr right, Site site) {
    Expr[] operands;
    if (right instanceof Operators.Concat chain) {
      operands = new Expr[chain.operands.length + 1];
      operands[0] = left;
      System.arraycopy(chain.operands, 0, operands, 1, chain.operands.length);
    } else {
      operands = new Expr[] {left, right};
    }
    return new Operators.Concat(operands, site);
  }

  private Expr simpleExpression() throws LuaSyntaxException {
    Expr result;
    switch (lexer.token) {
      case NUMBER -> result = new Variables.Constant(LuaNumber.of(lexer.number));
      case STRING -> result = new Variables.Constant(lexer.text);
      case NIL -> result = new Variables.Constant(null);
      case TRUE -> result = new Variables.Constant(true);
      case FALSE -> result = new Variables.Constant(false);
      case DOTS -> {
        if (!scope.variadic) {
          throw lexer.error("cannot use '...' outside a vararg function");
        }
        scope.usesDots = true;
        result = new Variables.Varargs();
      }
      case FUNCTION -> {
        int line = lexer.line;
        lexer.next();
        return new Constructors.Function(parseBody(false, line));
      }
      default -> {
        return lexer.isCharacter('{') ? constructor() : primaryExpression();
      }
    }
    lexer.next();
    return result;
  }

  private Expr prefixExpression() throws LuaSyntaxException {
    if (lexer.isCharacter('(')) {
      int line = lexer.line;
      lexer.next();
      Expr inner = expression();
      expectMatch(lexer.isCharacter(')'), ")", "(", line);
      return new Variables.Single(inner);
    }
    if (lexer.token == Token.NAME) {
      return variable(expectName());
    }
    throw lexer.error("unexpected symbol");
  }

  Expr primaryExpression() throws LuaSyntaxException {
    Expr e = prefixExpression();
    while (true) {
      if (accept('.')) {
        LuaString name = expectName();
        e = new Variables.Field(e, name, site(lexer.lastLine));
      } else if (lexer.isCharacter('[')) {
        Expr key = index();
        e = field(e, key, site(lexer.lastLine));
      } else if (accept(':')) {
        LuaString name = expectName();
        Site indexSite = site(lexer.lastLine);
        int line = lexer.line;
        Expr[] args = arguments();
        e =
            new Calls.MethodCall(
                e, name, args, indexSite, new Site(chunk, line, name.toString(), true));
      } else if (lexer.isCharacter('(') || lexer.isCharacter('{') || lexer.token == Token.STRING) {
        int line = lexer.line;
        Expr[] args = arguments();
        e =
            new Calls.FunctionCall(
                e, args, new Site(chunk, line, e.kind() == null ? null : e.name(), false));
      } else {
        return e;
      }
    }
  }

  private static Expr field(Expr object, Expr key, Site site) {
    return key instanceof Variables.Constant constant && constant.value instanceof LuaString name
        ? new Variables.Field(object, name, site)
        : new Variables.Index(object, key, site);
  }

  private Expr index() throws LuaSyntaxException {
    lexer.next();
    Expr key = expression();
    expect(']');
    return key;
  }

  private Expr[] arguments() throws LuaSyntaxException {
    if (lexer.token == Token.STRING) {
      Expr text = new Variables.Constant(lexer.text);
      lexer.next();
      return new Expr[] {text};
    }
    if (lexer.isCharacter('{')) {
      return new Expr[] {constructor()};
    }
    int line = lexer.line;
    if (!lexer.isCharacter('(')) {
      throw lexer.error("function arguments expected");
    }
    if (line != lexer.lastLine) {
      throw lexer.error("ambiguous syntax (function call x new statement)");
    }
    lexer.next();
    if (accept(')')) {
      return new Expr[0];
    }
    Expr[] args = expressionList();
    expectMatch(lexer.isCharacter(')'), ")", "(", line);
    return args;
  }

  private Expr constructor() throws LuaSyntaxException {
    int line = lexer.line;
    List<@Nullable Expr> keys = new ArrayList<>();
    List<Expr> values = new ArrayList<>();
    List<Site> sites = new ArrayList<>();
    expect('{');
    do {
      if (lexer.isCharacter('}')) {
        break;
      }
      Expr key = null;
      if (lexer.token == Token.NAME && lexer.peekCharacter('=')) {
        key = new Variables.Constant(expectName());
        expect('=');
      } else if (lexer.isCharacter('[')) {
        key = index();
        expect('=');
      }
      keys.add(key);
      values.add(expression());
      sites.add(site(lexer.lastLine));
    } while (accept(',') || accept(';'));
    expectMatch(lexer.isCharacter('}'), "}", "{", line);
    return new Constructors.Table(
        keys.toArray(Expr[]::new), values.toArray(Expr[]::new), sites.toArray(Site[]::new));
  }
}
