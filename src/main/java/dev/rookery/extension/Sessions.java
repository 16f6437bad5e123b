package dev.rookery.extension;

/** Sessions of players. One that ends closes its sockets on all nodes within a second. */
public interface Sessions {
  /** The open sessions of a player, newest first. */
  ResultPage<Session> list(long userId, int page, int pageSize);

  /** Ends a session of a player. {@code not_found} if none such is open. */
  void end(long userId, long number);

  /** Ends all sessions of a player. */
  void endAll(long userId);
}
