package dev.rookery.lua;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Splits a source into tokens, with one token of lookahead, and reports errors as Lua 5.1 does. */
final class Lexer {
  private static final int END = -1;
  private static final int ERROR_TEXT_MAX = 80;

  final String chunk;
  private final byte[] source;
  private final Map<LuaString, LuaString> strings;
  private int position;
  private int current;
  private final ByteArrayOutputStream buffer = new ByteArrayOutputStream();

  /** The line of the current token's end, and of the last consumed one. */
  int line = 1;

  int lastLine = 1;

  Token token = Token.EOF;
  int character;
  LuaString text = LuaString.EMPTY;
  double number;

  private boolean ahead;
  private Token aheadToken = Token.EOF;
  private int aheadCharacter;
  private LuaString aheadText = LuaString.EMPTY;
  private double aheadNumber;

  Lexer(String chunk, byte[] source) {
    this.chunk = chunk;
    this.source = source;
    this.strings = new HashMap<>();
    advance();
    if (current == '#') {
      while (current != END && !isNewline()) {
        advance();
      }
    }
  }

  private void advance() {
    current = position < source.length ? source[position++] & 0xff : END;
  }

  private boolean isNewline() {
    return current == '\n' || current == '\r';
  }

  void next() throws LuaSyntaxException {
    lastLine = line;
    if (ahead) {
      ahead = false;
      token = aheadToken;
      character = aheadCharacter;
      text = aheadText;
      number = aheadNumber;
    } else {
      token = scan();
    }
  }

  /** Reads the token behind the current one, which stays current. */
  Token peek() throws LuaSyntaxException {
    if (!ahead) {
      Token now = token;
      int nowCharacter = character;
      LuaString nowText = text;
      double nowNumber = number;
      aheadToken = scan();
      aheadCharacter = character;
      aheadText = text;
      aheadNumber = number;
      token = now;
      character = nowCharacter;
      text = nowText;
      number = nowNumber;
      ahead = true;
    }
    return aheadToken;
  }

  boolean isCharacter(int c) {
    return token == Token.CHARACTER && character == c;
  }

  /** The character behind the current one where that is a token of its own. */
  boolean peekCharacter(int c) throws LuaSyntaxException {
    return peek() == Token.CHARACTER && aheadCharacter == c;
  }

  // Errors

  LuaSyntaxException error(String message, @Nullable String near) {
    String text =
        chunk + ":" + line + ": " + message + (near == null ? "" : " near '" + near + "'");
    return new LuaSyntaxException(text, line);
  }

  LuaSyntaxException error(String message) {
    return error(message, near());
  }

  String near() {
    return switch (token) {
      case NAME, STRING, NUMBER -> cString(buffered.length() > 0 ? buffered : text.toLatin1());
      default -> describe(token, character);
    };
  }

  private String buffered = "";

  private static String cString(String text) {
    int zero = text.indexOf(0);
    return toUtf8(zero < 0 ? text : text.substring(0, zero));
  }

  private static String toUtf8(String latin1) {
    return new String(latin1.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }

  static String describe(Token token, int character) {
    if (token != Token.CHARACTER) {
      return token.text;
    }
    return character < 32 || character == 127
        ? "char(" + character + ")"
        : toUtf8(Character.toString(character));
  }

  private LuaSyntaxException scanError(String message) {
    return error(message, cString(buffer.toString(StandardCharsets.ISO_8859_1)));
  }

  // Scanning

  private void save() {
    buffer.write(current);
    advance();
  }

  private void newline() {
    int old = current;
    advance();
    if (isNewline() && current != old) {
      advance();
    }
    line++;
  }

  private Token punctuation(int c) {
    character = c;
    return Token.CHARACTER;
  }

  private Token scan() throws LuaSyntaxException {
    buffer.reset();
    while (true) {
      switch (current) {
        case '\n', '\r' -> newline();
        case ' ', '\t', 0x0b, 0x0c -> advance();
        case '-' -> {
          advance();
          if (current != '-') {
            return punctuation('-');
          }
          advance();
          skipComment();
        }
        case '[' -> {
          int level = bracketLevel();
          if (level >= 0) {
            readLong(level, true);
            return Token.STRING;
          }
          if (level == -1) {
            return punctuation('[');
          }
          throw scanError("invalid long string delimiter");
        }
        case '=' -> {
          return either('=', Token.EQ);
        }
        case '<' -> {
          return either('<', Token.LE);
        }
        case '>' -> {
          return either('>', Token.GE);
        }
        case '~' -> {
          return either('~', Token.NE);
        }
        case '"', '\'' -> {
          readString(current);
          return Token.STRING;
        }
        case '.' -> {
          save();
          if (current == '.') {
            advance();
            if (current == '.') {
              advance();
              return Token.DOTS;
            }
            return Token.CONCAT;
          }
          if (!NumberReader.isDigit(current)) {
            return punctuation('.');
          }
          return readNumber();
        }
        case END -> {
          return Token.EOF;
        }
        default -> {
          return word();
        }
      }
    }
  }

  private Token either(int c, Token withEquals) {
    advance();
    if (current != '=') {
      return punctuation(c);
    }
    advance();
    return withEquals;
  }

  private Token word() throws LuaSyntaxException {
    if (NumberReader.isDigit(current)) {
      return readNumber();
    }
    if (!isNameStart(current)) {
      int c = current;
      advance();
      return punctuation(c);
    }
    while (isNameStart(current) || NumberReader.isDigit(current)) {
      save();
    }
    String name = buffer.toString(StandardCharsets.ISO_8859_1);
    Token reserved = Token.RESERVED.get(name);
    if (reserved != null) {
      return reserved;
    }
    text = intern(buffer.toByteArray());
    buffered = "";
    return Token.NAME;
  }

  private LuaString intern(byte[] bytes) {
    LuaString string = LuaString.of(bytes);
    LuaString known = strings.putIfAbsent(string, string);
    return known == null ? string : known;
  }

  private static boolean isNameStart(int c) {
    return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_';
  }

  private Token readNumber() throws LuaSyntaxException {
    while (NumberReader.isDigit(current) || current == '.') {
      save();
    }
    if (current == 'e' || current == 'E') {
      save();
      if (current == '+' || current == '-') {
        save();
      }
    }
    while (isNameStart(current) || NumberReader.isDigit(current)) {
      save();
    }
    Double value = LuaNumber.parse(LuaString.of(buffer.toByteArray()));
    if (value == null) {
      throw scanError("malformed number");
    }
    number = value;
    buffered = buffer.toString(StandardCharsets.ISO_8859_1);
    return Token.NUMBER;
  }

  private void skipComment() throws LuaSyntaxException {
    if (current == '[') {
      int level = bracketLevel();
      buffer.reset();
      if (level >= 0) {
        readLong(level, false);
        buffer.reset();
        return;
      }
    }
    while (current != END && !isNewline()) {
      advance();
    }
  }

  /** Returns the number of equals signs of a long bracket, -1 for a single one, else less. */
  private int bracketLevel() {
    int bracket = current;
    int level = 0;
    save();
    while (current == '=') {
      save();
      level++;
    }
    return current == bracket ? level : -level - 1;
  }

  private void readLong(int level, boolean isString) throws LuaSyntaxException {
    save();
    if (isNewline()) {
      newline();
    }
    while (true) {
      switch (current) {
        case END ->
            throw error(isString ? "unfinished long string" : "unfinished long comment", "<eof>");
        case '[' -> {
          if (bracketLevel() == level) {
            save();
            if (level == 0) {
              throw error("nesting of [[...]] is deprecated", "[");
            }
          }
        }
        case ']' -> {
          if (bracketLevel() == level) {
            save();
            if (isString) {
              byte[] all = buffer.toByteArray();
              text = intern(Arrays.copyOfRange(all, level + 2, all.length - level - 2));
              buffered = new String(all, StandardCharsets.ISO_8859_1);
            }
            return;
          }
        }
        case '\n', '\r' -> {
          buffer.write('\n');
          newline();
          if (!isString) {
            buffer.reset();
          }
        }
        default -> save();
      }
    }
  }

  private void readString(int quote) throws LuaSyntaxException {
    save();
    while (current != quote) {
      switch (current) {
        case END -> throw error("unfinished string", "<eof>");
        case '\n', '\r' -> throw scanError("unfinished string");
        case '\\' -> readEscape();
        default -> save();
      }
    }
    save();
    byte[] all = buffer.toByteArray();
    text = intern(Arrays.copyOfRange(all, 1, all.length - 1));
    buffered = new String(all, StandardCharsets.ISO_8859_1);
  }

  private void readEscape() throws LuaSyntaxException {
    advance();
    int c = current;
    switch (c) {
      case 'a' -> c = 7;
      case 'b' -> c = '\b';
      case 'f' -> c = '\f';
      case 'n' -> c = '\n';
      case 'r' -> c = '\r';
      case 't' -> c = '\t';
      case 'v' -> c = 0x0b;
      case '\n', '\r' -> {
        buffer.write('\n');
        newline();
        return;
      }
      case END -> {
        return;
      }
      default -> {
        if (NumberReader.isDigit(c)) {
          int value = 0;
          for (int i = 0; i < 3 && NumberReader.isDigit(current); i++) {
            value = value * 10 + current - '0';
            advance();
          }
          if (value > 255) {
            throw scanError("escape sequence too large");
          }
          buffer.write(value);
          return;
        }
      }
    }
    buffer.write(c);
    advance();
  }

  /**
   * The name of a chunk that scripts load at run time, as error messages show it.
   *
   * @param name each of its bytes as one character, by which long names are cut
   */
  static String displayName(String name) {
    return toUtf8(shortened(name));
  }

  private static String shortened(String name) {
    if (name.startsWith("=") || name.startsWith("@")) {
      String plain = name.substring(1);
      int length = plain.length();
      if (name.startsWith("=")) {
        return plain.substring(0, Math.min(length, ERROR_TEXT_MAX - 1));
      }
      int shown = ERROR_TEXT_MAX - 8;
      return length <= shown ? plain : "..." + plain.substring(length - shown);
    }
    int end = 0;
    while (end < name.length() && name.charAt(end) != '\n' && name.charAt(end) != '\r') {
      end++;
    }
    int shown = Math.min(end, ERROR_TEXT_MAX - 17);
    return "[string \"" + name.substring(0, shown) + (shown < name.length() ? "..." : "") + "\"]";
  }
}
