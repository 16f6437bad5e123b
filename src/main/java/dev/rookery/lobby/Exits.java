package dev.rookery.lobby;

import dev.rookery.base.PlayerId;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.base.Topic;
import dev.rookery.bus.Done;
import dev.rookery.lobby.Batched.Departure;
import dev.rookery.lobby.LobbyCommand.Leave;
import dev.rookery.notification.NotificationWriter;
import dev.rookery.player.Player;
import dev.rookery.player.Players;
import dev.rookery.store.Database;
import dev.rookery.store.IdempotentCommand;
import dev.rookery.store.Transaction;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The ways out of a lobby: by oneself, or not. */
final class Exits {
  private static final String LEAVE = "lobby.leave";

  private final Batches batches;
  private final Database database;
  private final LobbyStore lobbies;
  private final Players players;
  private final Teams teams;
  private final NotificationWriter notifications;

  Exits(
      Batches batches,
      Database database,
      LobbyStore lobbies,
      Players players,
      Teams teams,
      NotificationWriter notifications) {
    this.batches = batches;
    this.database = database;
    this.lobbies = lobbies;
    this.players = players;
    this.teams = teams;
    this.notifications = notifications;
  }

  Done leave(Leave leave) {
    PlayerId id = leave.player();
    String key = leave.idempotencyKey();
    if (key == null && batches.share(new Departure(id)).isPresent()) {
      return Done.DONE;
    }
    return IdempotentCommand.answered(database, id, key, LEAVE, Done.class)
        .orElseGet(() -> leave(id, key));
  }

  void leave(PlayerId id) {
    leave(id, null);
  }

  private Done leave(PlayerId id, @Nullable String key) {
    try {
      return database.write(
          tx ->
              IdempotentCommand.once(
                  tx,
                  id,
                  key,
                  LEAVE,
                  Done.class,
                  () -> {
                    lobbies.giveSeatBack(tx, id).ifPresent(lobby -> left(tx, lobby, id));
                    return Done.DONE;
                  }));
    } catch (Refused refused) {
      // Between finding his lobby and holding it he had come out of it: he was in none for a
      // moment, and leaving at that moment changes nothing.
      if (!(refused.refusal() instanceof Refusal.Conflict)) {
        throw refused;
      }
      return Done.DONE;
    }
  }

  private void left(Transaction tx, Lobby before, PlayerId id) {
    Player player = players.leaveLobby(tx, id, before.id());
    boolean headless = isHeadless(before);
    Lobby after = before;
    if (!isClosed(before)) {
      if (before.roster() != null) {
        after = teams.without(tx, before, id, headless);
      } else if (headless) {
        after = lobbies.succeed(tx, before.id());
      }
    }
    tell(tx, before, after, player);
  }

  /** Whether it ends, since nobody is left. */
  static boolean isClosed(Lobby before) {
    return !before.hostless() && before.members() == 0;
  }

  /** Whether it goes on and wants a host. */
  static boolean isHeadless(Lobby before) {
    return !before.hostless() && before.members() > 0 && before.host() == null;
  }

  /**
   * The lobby hears who left.
   *
   * @param before without him, and without a host if that was he
   * @param after with the host who followed
   */
  static void tell(Transaction tx, Lobby before, Lobby after, Player gone) {
    String stream = Topic.lobby(before.id());
    if (isClosed(before)) {
      tx.append(stream, new LobbyEvent.Closed(before, gone.id()));
      return;
    }
    tx.append(stream, new LobbyEvent.Left(after, gone.id(), gone.displayName()));
    PlayerId host = after.host();
    if (isHeadless(before) && host != null) {
      tx.append(stream, new LobbyEvent.HostChanged(after, host, after.hostName()));
    }
  }

  void kick(PlayerId byId, PlayerId targetId) {
    database.write(
        tx -> {
          Lobby lobby = held(tx, lobbies, players, byId).lobby();
          // Read again now that nobody can move any more.
          Player by = players.find(tx, byId);
          Player target = players.find(tx, targetId);
          LobbyRules.mayKick(lobby, by, target);
          Lobby freed = lobbies.giveSeatBack(tx, targetId).orElseThrow();
          Lobby after = teams.without(tx, freed, targetId, false);
          Player kicked = players.leaveLobby(tx, targetId, lobby.id());
          tx.append(
              Topic.lobby(lobby.id()),
              new LobbyEvent.Kicked(after, targetId, kicked.displayName()));
          notifications.put(
              tx,
              byId,
              targetId,
              "Removed From Lobby",
              "You have been removed from the lobby " + lobby.title(),
              Map.of(
                  "type", "lobby_kicked",
                  "lobby_id", lobby.id().value(),
                  "lobby_name", lobby.title()));
          return lobby;
        });
  }

  /**
   * The lobby a player is in, held until the end of the transaction. He may have come out of it
   * while we waited; the rules look at him again.
   */
  static Stored held(Transaction tx, LobbyStore lobbies, Players players, PlayerId id) {
    var lobby = players.find(tx, id).lobby();
    if (lobby == null) {
      throw Refused.conflict("not_in_lobby");
    }
    return lobbies.lock(tx, lobby).orElseThrow(() -> Refused.conflict("not_in_lobby"));
  }
}
