package dev.rookery.lobby;

import dev.rookery.base.LobbyId;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.player.Player;
import dev.rookery.player.Players;
import dev.rookery.store.StatementException;
import dev.rookery.store.Transaction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Teams, inside the transactions of those who come, go, and do something in a lobby. */
final class Teams {
  private static final int TRIES_MAX = 20;
  private static final int CODE_MIN = 100_000;
  private static final int CODES = 900_000;

  private final TeamStore rows;
  private final Players players;
  private final LobbySetup setup;

  Teams(TeamStore rows, Players players, LobbySetup setup) {
    this.rows = rows;
    this.players = players;
    this.setup = setup;
  }

  /** What coming in means for the teams of a lobby, which is held. */
  @FunctionalInterface
  interface Coming {
    Lobby into(Transaction tx, Lobby lobby, Player player);
  }

  /** Nothing is written for a lobby without teams. */
  Lobby withIfAny(Transaction tx, Lobby lobby, Player player) {
    Roster roster = lobby.roster();
    return roster == null ? lobby : with(tx, lobby, roster, player, null);
  }

  /** Gives the lobby teams if it has none; he is in it as long as the socket by which he came. */
  Coming wishing(@Nullable Team team) {
    return (tx, lobby, player) -> {
      tie(tx, player.id(), lobby.id());
      Roster roster = lobby.roster();
      if (roster != null) {
        return with(tx, lobby, roster, player, team);
      }
      var others =
          players.findInLobby(tx, lobby.id()).stream()
              .filter(member -> !member.id().equals(player.id()))
              .toList();
      Roster all = RosterRules.with(RosterRules.of(others), player, team);
      return rows.adopt(tx, lobby.id(), all, freeCode(tx));
    };
  }

  private Lobby with(
      Transaction tx, Lobby lobby, Roster roster, Player player, @Nullable Team team) {
    return rows.save(tx, lobby.id(), RosterRules.with(roster, player, team), null);
  }

  void tie(Transaction tx, PlayerId player, LobbyId lobby) {
    players.bindToRun(tx, player, lobby, setup.run().getAsLong());
  }

  /** Nothing is written for a lobby without teams. */
  Lobby without(Transaction tx, Lobby lobby, PlayerId player, boolean headless) {
    Roster roster = lobby.roster();
    if (roster == null) {
      return lobby;
    }
    Roster rest = RosterRules.without(roster, player);
    return rows.save(tx, lobby.id(), rest, headless ? RosterRules.heir(rest).orElse(null) : null);
  }

  /** The lobby with teams, given now if it had none. The caller holds it. */
  Lobby adopted(Transaction tx, Lobby lobby) {
    return lobby.roster() != null
        ? lobby
        : rows.adopt(
            tx, lobby.id(), RosterRules.of(players.findInLobby(tx, lobby.id())), freeCode(tx));
  }

  Lobby saved(Transaction tx, LobbyId id, Roster roster) {
    return rows.save(tx, id, roster, null);
  }

  int code() {
    return CODE_MIN + setup.random().nextInt(CODES);
  }

  private int freeCode(Transaction tx) {
    for (int tries = 0; tries < TRIES_MAX; tries++) {
      int code = code();
      if (!rows.isTaken(tx, code)) {
        return code;
      }
    }
    throw noCode();
  }

  /** Again, where two lobbies were given one code at the same moment. */
  static <T> T untilCodesDiffer(Supplier<T> work) {
    for (int tries = 1; ; tries++) {
      try {
        return work.get();
      } catch (StatementException failed) {
        if (!failed.isDuplicate() || tries == TRIES_MAX) {
          throw failed;
        }
      }
    }
  }

  static Refused noCode() {
    return new Refused(new Refusal.Unavailable("no_free_code"));
  }
}
