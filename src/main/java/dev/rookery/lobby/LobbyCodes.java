package dev.rookery.lobby;

import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.store.Transaction;

/** The codes by which lobbies are entered: random numbers of six digits. */
final class LobbyCodes {
  /** How often another code is tried when one is taken. */
  static final int TRIES_MAX = 20;

  private static final int MIN = 100_000;
  private static final int COUNT = 900_000;

  private final Transaction tx;
  private final LobbyStore store;
  private final LobbyDependencies dependencies;

  LobbyCodes(Transaction tx, LobbyStore store, LobbyDependencies dependencies) {
    this.tx = tx;
    this.store = store;
    this.dependencies = dependencies;
  }

  /**
   * A code that no lobby has at this moment, as far as is known.
   *
   * @throws Refused {@code Unavailable("no_free_code")} if none was found
   */
  int free() {
    for (int tries = 0; tries < TRIES_MAX; tries++) {
      int code = any();
      if (!store.isCodeTaken(tx, code)) {
        return code;
      }
    }
    throw new Refused(new Refusal.Unavailable("no_free_code"));
  }

  /** Any code, which another lobby may have. */
  int any() {
    return MIN + dependencies.random().nextInt(COUNT);
  }
}
