package dev.rookery.lua;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** The kinds of tokens of Lua 5.1. */
enum Token {
  AND,
  BREAK,
  DO,
  ELSE,
  ELSEIF,
  END,
  FALSE,
  FOR,
  FUNCTION,
  IF,
  IN,
  LOCAL,
  NIL,
  NOT,
  OR,
  REPEAT,
  RETURN,
  THEN,
  TRUE,
  UNTIL,
  WHILE,
  CONCAT(".."),
  DOTS("..."),
  EQ("=="),
  GE(">="),
  LE("<="),
  NE("~="),
  NUMBER("<number>"),
  NAME("<name>"),
  STRING("<string>"),
  EOF("<eof>"),
  /** A character that stands for itself. */
  CHARACTER("");

  static final Map<String, Token> RESERVED = new HashMap<>();

  static {
    for (Token token : values()) {
      if (token.ordinal() <= WHILE.ordinal()) {
        RESERVED.put(token.text, token);
      }
    }
  }

  final String text;

  Token() {
    text = name().toLowerCase(Locale.ROOT);
  }

  Token(String text) {
    this.text = text;
  }
}
