package dev.rookery.chat;

/** A conversation: its kind, and the id of what it belongs to (a lobby). */
public record Conversation(Kind kind, long id) {
  /** Kinds that exist today; the wire names are their lower-case names. */
  public enum Kind {
    LOBBY
  }
}
