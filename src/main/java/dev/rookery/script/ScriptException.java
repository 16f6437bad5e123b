package dev.rookery.script;

import java.util.Objects;

/** Why a call of a script has no result. It has no stack trace: the reason lies in the script. */
public final class ScriptException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** The kinds of failures, which decide what a caller is told and what is counted. */
  public enum Kind {
    /**
     * The script raised or returned an error. The message is the text of Redis's error reply
     * without its leading minus. What the script wrote before stays, as in Redis.
     */
    SCRIPT,
    /** The script ran longer than it may and was stopped. What it wrote before stays. */
    TIMED_OUT,
    /** The script used more memory than it may and was stopped. What it wrote before stays. */
    OUT_OF_MEMORY,
    /** The source, the keys, the arguments or the result are larger than they may be. */
    TOO_LARGE,
    /** Too many calls wait, or too much is not written yet. Nothing was executed; try later. */
    BUSY,
    /**
     * The engine is away. The script may have been executed, or not: nobody repeats it unasked.
     * Also when it was executed and its changes may be lost.
     */
    AWAY
  }

  private final Kind kind;

  public ScriptException(Kind kind, String message) {
    super(message, null, false, false);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }

  /** The text for the caller; never null. */
  public String text() {
    return Objects.requireNonNull(getMessage());
  }
}
