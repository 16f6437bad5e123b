package dev.rookery.extension;

/**
 * What an extension can ask of the server. Each method sends the command or query that a client's
 * request sends, so the rules, events, notifications and {@link BeforeHooks} of the server hold for
 * it. Thread-safe.
 *
 * <p>The methods block, for the time of a request; call them from functions, hooks, tasks of {@link
 * ExtensionContext#executor} and handlers of {@link ExtensionContext#vertx}, but never from an
 * event loop. None is part of a transaction: what one has changed stays when a later one is
 * refused.
 *
 * <p>A refusal is a {@link PlatformException} with the code that clients see, also where a method
 * does not say so. Methods whose names begin with {@code find} return null instead of refusing what
 * does not exist. Pages are counted from 1; a size above 100 counts as 100.
 *
 * <p>Where a method takes an idempotency key, a repeated call with the same key for the same player
 * changes nothing and returns what the first returned. Keys have 1 to 128 characters and belong to
 * the extension; they are kept as long as those of clients. Use one where a call may be made twice,
 * such as after an error.
 *
 * <p>A hook may use the platform, which may run hooks again. A change that is nested in more than
 * {@value #DEPTH_MAX} others is refused with {@code hook_recursion}.
 */
public interface Platform {
  /** How many calls and hooks may wait for each other. */
  int DEPTH_MAX = 8;

  Players players();

  Sessions sessions();

  Lobbies lobbies();

  Parties parties();

  Groups groups();

  Friends friends();

  Chat chat();

  Notifications notifications();

  Leaderboards leaderboards();

  Achievements achievements();

  Kv kv();

  Matchmaking matchmaking();
}
