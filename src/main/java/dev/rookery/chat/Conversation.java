package dev.rookery.chat;

/** Where one talks: the kind, and the id of the thing of that kind. */
public record Conversation(Kind kind, long id) {
  /** Kinds that exist today; the wire names are their lower-case names. */
  public enum Kind {
    LOBBY
  }
}
