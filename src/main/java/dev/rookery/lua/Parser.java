package dev.rookery.lua;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Parses statements and functions into nodes, with the messages of Lua 5.1 for what is none. */
final class Parser extends ExpressionParser {
  /** The parameter that takes the old-style table of variable arguments. */
  private static final String ARG = "arg";

  Parser(String chunk, byte[] source, @Nullable BitSet captured) {
    super(chunk, source, captured);
  }

  Proto parseChunk() throws LuaSyntaxException {
    scope.variadic = true;
    lexer.next();
    Stmt body = block();
    if (lexer.token != Token.EOF) {
      throw lexer.error("'<eof>' expected");
    }
    return new Proto(0, true, 0, new int[0], scope.frameSize, new int[0], body);
  }

  @Override
  Proto parseBody(boolean withSelf, int line) throws LuaSyntaxException {
    FunctionScope outer = scope;
    scope = new FunctionScope(outer, line);
    List<FunctionScope.Variable> parameters = new ArrayList<>();
    expect('(');
    if (withSelf) {
      parameters.add(parameter("self"));
    }
    if (!lexer.isCharacter(')')) {
      do {
        if (lexer.token == Token.NAME) {
          parameters.add(parameter(expectName().toLatin1()));
        } else if (accept(Token.DOTS)) {
          scope.variadic = true;
          scope.argSlot = parameter(ARG).slot();
        } else {
          throw lexer.error("<name> or '...' expected");
        }
      } while (!scope.variadic && accept(','));
    }
    expect(')');
    FunctionScope.Variable argVariable = scope.find(ARG);
    if (scope.variadic && argVariable != null) {
      parameters.add(argVariable);
    }
    Stmt body = block();
    expectMatch(lexer.token == Token.END, "end", "function", line);
    int[] captured =
        parameters.stream()
            .filter(FunctionScope.Variable::captured)
            .mapToInt(FunctionScope.Variable::slot)
            .toArray();
    int count = scope.variadic ? parameters.size() - 1 : parameters.size();
    int argSlot = scope.usesDots ? 0 : scope.argSlot;
    Proto proto =
        new Proto(
            count, scope.variadic, argSlot, captured, scope.frameSize, scope.upvalues(), body);
    scope = outer;
    return proto;
  }

  private FunctionScope.Variable parameter(String name) throws LuaSyntaxException {
    FunctionScope.Variable variable = declare(name, 0);
    scope.activate(variable);
    return variable;
  }

  private boolean endsBlock() {
    return switch (lexer.token) {
      case ELSE, ELSEIF, END, EOF, UNTIL -> true;
      default -> false;
    };
  }

  private Stmt block() throws LuaSyntaxException {
    List<Stmt> statements = new ArrayList<>();
    enterLevel();
    boolean last = false;
    while (!last && !endsBlock()) {
      last = lexer.token == Token.RETURN || lexer.token == Token.BREAK;
      statements.add(statement());
      accept(';');
    }
    leaveLevel();
    return Stmt.Block.of(statements.toArray(Stmt[]::new));
  }

  private Stmt scopedBlock(boolean loop) throws LuaSyntaxException {
    scope.openBlock(loop);
    Stmt body = block();
    scope.closeBlock();
    return body;
  }

  private Stmt statement() throws LuaSyntaxException {
    int line = lexer.line;
    switch (lexer.token) {
      case IF -> {
        return ifStatement(line);
      }
      case WHILE -> {
        lexer.next();
        Expr condition = expression();
        expect(Token.DO);
        Stmt body = scopedBlock(true);
        expectMatch(lexer.token == Token.END, "end", "while", line);
        return new Loops.While(condition, body);
      }
      case DO -> {
        lexer.next();
        Stmt body = scopedBlock(false);
        expectMatch(lexer.token == Token.END, "end", "do", line);
        return body;
      }
      case FOR -> {
        return forStatement(line);
      }
      case REPEAT -> {
        lexer.next();
        scope.openBlock(true);
        scope.openBlock(false);
        Stmt body = block();
        expectMatch(lexer.token == Token.UNTIL, "until", "repeat", line);
        Expr condition = expression();
        scope.closeBlock();
        scope.closeBlock();
        return new Loops.Repeat(body, condition);
      }
      case FUNCTION -> {
        return functionStatement(line);
      }
      case LOCAL -> {
        lexer.next();
        return accept(Token.FUNCTION) ? localFunction() : localStatement();
      }
      case RETURN -> {
        lexer.next();
        boolean empty = endsBlock() || lexer.isCharacter(';');
        return Flow.returning(empty ? new Expr[0] : expressionList());
      }
      case BREAK -> {
        lexer.next();
        if (!scope.isInLoop()) {
          throw lexer.error("no loop to break");
        }
        return Flow.BREAK;
      }
      default -> {
        return expressionStatement();
      }
    }
  }

  private Stmt ifStatement(int line) throws LuaSyntaxException {
    List<Expr> conditions = new ArrayList<>();
    List<Stmt> blocks = new ArrayList<>();
    Stmt otherwise = null;
    do {
      lexer.next();
      conditions.add(expression());
      expect(Token.THEN);
      blocks.add(scopedBlock(false));
    } while (lexer.token == Token.ELSEIF);
    if (accept(Token.ELSE)) {
      otherwise = scopedBlock(false);
    }
    expectMatch(lexer.token == Token.END, "end", "if", line);
    return new Flow.If(conditions.toArray(Expr[]::new), blocks.toArray(Stmt[]::new), otherwise);
  }

  private Stmt forStatement(int line) throws LuaSyntaxException {
    lexer.next();
    scope.openBlock(true);
    LuaString name = expectName();
    Stmt loop;
    if (lexer.isCharacter('=')) {
      loop = numericFor(name);
    } else if (lexer.isCharacter(',') || lexer.token == Token.IN) {
      loop = genericFor(name, line);
    } else {
      throw lexer.error("'=' or 'in' expected");
    }
    expectMatch(lexer.token == Token.END, "end", "for", line);
    scope.closeBlock();
    return loop;
  }

  private Stmt numericFor(LuaString name) throws LuaSyntaxException {
    activateHidden("(for index)", "(for limit)", "(for step)");
    lexer.next();
    Expr start = expression();
    expect(',');
    Expr limit = expression();
    Expr step = accept(',') ? expression() : null;
    expect(Token.DO);
    Site site = site(lexer.lastLine);
    scope.openBlock(false);
    FunctionScope.Variable variable = declare(name.toLatin1(), 0);
    scope.activate(variable);
    Stmt body = block();
    scope.closeBlock();
    return new Loops.NumericFor(
        variable.slot(), variable.captured(), start, limit, step, body, site);
  }

  private Stmt genericFor(LuaString first, int line) throws LuaSyntaxException {
    int control = scope.nextSlot();
    activateHidden("(for generator)", "(for state)", "(for control)");
    List<String> names = new ArrayList<>(List.of(first.toLatin1()));
    while (accept(',')) {
      names.add(expectName().toLatin1());
    }
    expect(Token.IN);
    Expr[] list = expressionList();
    expect(Token.DO);
    scope.openBlock(false);
    List<FunctionScope.Variable> variables = declareAll(names);
    boolean[] captured = activateAll(variables);
    Stmt body = block();
    scope.closeBlock();
    Site site = new Site(lexer.chunk, line, "(for generator)", false);
    return new Loops.GenericFor(variables.getFirst().slot(), control, captured, list, body, site);
  }

  private void activateHidden(String... names) throws LuaSyntaxException {
    for (String name : names) {
      scope.activate(declare(name, 0));
    }
  }

  private List<FunctionScope.Variable> declareAll(List<String> names) throws LuaSyntaxException {
    List<FunctionScope.Variable> variables = new ArrayList<>();
    for (String name : names) {
      variables.add(declare(name, variables.size()));
    }
    return variables;
  }

  private boolean[] activateAll(List<FunctionScope.Variable> variables) {
    boolean[] captured = new boolean[variables.size()];
    for (int i = 0; i < captured.length; i++) {
      scope.activate(variables.get(i));
      captured[i] = variables.get(i).captured();
    }
    return captured;
  }

  private Stmt localFunction() throws LuaSyntaxException {
    FunctionScope.Variable variable = declare(expectName().toLatin1(), 0);
    scope.activate(variable);
    Proto proto = parseBody(false, lexer.line);
    return new Assignments.LocalFunction(
        variable.slot(), variable.captured(), new Constructors.Function(proto));
  }

  private Stmt localStatement() throws LuaSyntaxException {
    List<String> names = new ArrayList<>();
    List<FunctionScope.Variable> variables = new ArrayList<>();
    do {
      names.add(expectName().toLatin1());
      variables.add(declare(names.getLast(), variables.size()));
    } while (accept(','));
    Expr[] values = accept('=') ? expressionList() : new Expr[0];
    boolean[] captured = activateAll(variables);
    int first = variables.getFirst().slot();
    if (captured.length == 1 && values.length <= 1) {
      return new Assignments.DeclareLocal(
          first, captured[0], values.length == 0 ? null : values[0]);
    }
    return new Assignments.DeclareLocals(first, captured, values);
  }

  private Stmt functionStatement(int line) throws LuaSyntaxException {
    lexer.next();
    Expr target = variable(expectName());
    boolean withSelf = false;
    while (lexer.isCharacter('.') || lexer.isCharacter(':')) {
      withSelf = lexer.isCharacter(':');
      lexer.next();
      LuaString name = expectName();
      target = new Variables.Field(target, name, site(lexer.lastLine));
      if (withSelf) {
        break;
      }
    }
    Proto proto = parseBody(withSelf, line);
    return target(target, line).assign(new Constructors.Function(proto));
  }

  private Assignments.Target target(Expr e, int line) throws LuaSyntaxException {
    return switch (e) {
      case Variables.Local local -> new Assignments.LocalTarget(local.slot);
      case Variables.CapturedLocal local -> new Assignments.CapturedTarget(local.slot);
      case Variables.Upvalue upvalue -> new Assignments.UpvalueTarget(upvalue.index);
      case Variables.Global global -> new Assignments.GlobalTarget(global.key, site(line));
      case Variables.Field field ->
          new Assignments.FieldTarget(field.object, new Variables.Constant(field.key), site(line));
      case Variables.Index index ->
          new Assignments.FieldTarget(index.object, index.key, site(line));
      default -> throw lexer.error("syntax error");
    };
  }

  private Stmt expressionStatement() throws LuaSyntaxException {
    Expr first = primaryExpression();
    if (first instanceof Calls.Invocation call) {
      return new Flow.Call(call);
    }
    List<Expr> targets = new ArrayList<>(List.of(first));
    check(first);
    int levels = 0;
    while (accept(',')) {
      Expr next = primaryExpression();
      check(next);
      targets.add(next);
      enterLevel();
      levels++;
    }
    expect('=');
    Expr[] values = expressionList();
    for (int i = 0; i < levels; i++) {
      leaveLevel();
    }
    int line = lexer.lastLine;
    if (targets.size() == 1 && values.length == 1) {
      return target(first, line).assign(values[0]);
    }
    Assignments.Target[] all = new Assignments.Target[targets.size()];
    for (int i = 0; i < all.length; i++) {
      all[i] = target(targets.get(i), line);
    }
    return new Assignments.AssignAll(all, values);
  }

  private void check(Expr e) throws LuaSyntaxException {
    target(e, 0);
  }
}
