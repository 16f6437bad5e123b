package dev.rookery.protocol.godra;

import dev.rookery.auth.GuestCommand;
import dev.rookery.auth.GuestCommand.Expired;
import dev.rookery.auth.GuestEndBroadcast;
import dev.rookery.bus.Bus;
import dev.rookery.edge.CloseReason;
import dev.rookery.script.ScriptException;
import dev.rookery.script.Scripts;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The guests who are connected to this node. Ends those of whom nothing is heard any more, and has
 * {@code on_disconnect} delete the data of guests: when their last socket of a game closes, and for
 * those whose node has died. A guest who has connected to the game again, through another node,
 * keeps their data: a socket whose client is gone without a word closes late.
 */
final class ConnectedGuests {
  private static final Logger LOG = LoggerFactory.getLogger(ConnectedGuests.class);
  private static final Duration CHECK_EVERY = Duration.ofSeconds(5);

  private final Bus bus;
  private final Scripts scripts;
  private final InstantSource clock;
  private final long silenceMs;
  private final Map<String, ConnectedGuest> guests = new ConcurrentHashMap<>();
  private final AtomicBoolean sweeping = new AtomicBoolean();
  private final Vertx vertx;
  private final long timer;

  ConnectedGuests(Vertx vertx, Bus bus, Scripts scripts, InstantSource clock, Duration silence) {
    this.bus = bus;
    this.scripts = scripts;
    this.clock = clock;
    this.silenceMs = silence.toMillis();
    long checkMs = Math.min(CHECK_EVERY.toMillis(), Math.max(100, silenceMs / 4));
    this.vertx = vertx;
    this.timer = vertx.setPeriodic(checkMs, _ -> check());
    GuestEndBroadcast.listen(bus, this::onEnded)
        .onFailure(failure -> LOG.error("ends of guests cannot be received", failure));
  }

  void close() {
    vertx.cancelTimer(timer);
  }

  /** A guest and their sockets on this node; the sets are only used under the map's lock. */
  private static final class ConnectedGuest {
    final Set<GameSocket> sockets = ConcurrentHashMap.newKeySet(1);
    final List<String> games = new ArrayList<>(1);
    volatile long heardMs;
    volatile long keptMs;
  }

  /** A socket of a guest was opened. */
  void add(String guest, String game, GameSocket socket) {
    long now = clock.millis();
    guests.compute(
        guest,
        (_, present) -> {
          ConnectedGuest connected = present == null ? new ConnectedGuest() : present;
          connected.sockets.add(socket);
          connected.games.add(game);
          connected.heardMs = now;
          if (present == null) {
            connected.keptMs = now;
          }
          return connected;
        });
  }

  /** A guest has sent something. */
  void onHeard(String guest) {
    ConnectedGuest connected = guests.get(guest);
    if (connected != null) {
      connected.heardMs = clock.millis();
    }
  }

  /** A socket of a guest has closed. */
  Future<?> remove(String guest, String game, GameSocket socket) {
    var last = new boolean[1];
    guests.computeIfPresent(
        guest,
        (_, connected) -> {
          connected.sockets.remove(socket);
          connected.games.remove(game);
          last[0] = !connected.games.contains(game);
          return connected.sockets.isEmpty() ? null : connected;
        });
    return last[0] ? leave(guest, game) : Future.succeededFuture();
  }

  /** A guest could not connect to a game; their data of it is deleted unless they are connected. */
  Future<?> onRejected(String guest, String game) {
    var connected = new boolean[1];
    guests.computeIfPresent(
        guest,
        (_, present) -> {
          connected[0] = present.games.contains(game);
          return present;
        });
    return connected[0] ? Future.succeededFuture() : leave(guest, game);
  }

  /** An admin has ended a guest. */
  private void onEnded(String guest) {
    ConnectedGuest connected = guests.get(guest);
    if (connected != null) {
      connected.sockets.forEach(socket -> socket.close(CloseReason.SESSION_ENDED));
    }
  }

  /** Deletes the data of a guest who is not connected to a game any more, at any node. */
  private Future<?> leave(String guest, String game) {
    return bus.ask(new GuestCommand.HasReconnected(guest, game))
        .compose(
            reconnected ->
                reconnected
                    ? Future.succeededFuture()
                    : deleteData(guest, game)
                        .compose(_ -> bus.ask(new GuestCommand.LeaveGame(guest, game))))
        // What is left is deleted when the guest expires.
        .onFailure(failure -> LOG.debug("a guest is left in a game: {}", failure.toString()))
        .otherwiseEmpty();
  }

  /** Fails if the engine is away. A script that fails will not do better later. */
  private Future<?> deleteData(String guest, @Nullable String game) {
    return scripts
        .call(
            "on_disconnect",
            game == null ? List.of() : GameKeys.of(game),
            List.of(guest.getBytes(StandardCharsets.UTF_8)))
        .mapEmpty()
        .recover(
            failure ->
                failure instanceof ScriptException known && !GodraResponses.isOutage(known)
                    ? Future.succeededFuture()
                    : Future.failedFuture(failure));
  }

  private void check() {
    long now = clock.millis();
    var kept = new ArrayList<String>();
    guests.forEach(
        (guest, connected) -> {
          if (now - connected.heardMs > silenceMs) {
            connected.sockets.forEach(socket -> socket.close(CloseReason.PROTOCOL));
            bus.ask(new GuestCommand.End(guest))
                .onFailure(failure -> LOG.debug("a guest is left: {}", failure.toString()));
          } else if (now - connected.keptMs > silenceMs / 2) {
            connected.keptMs = now;
            kept.add(guest);
          }
        });
    for (int from = 0; from < kept.size(); from += GuestCommand.BATCH_MAX) {
      keep(kept.subList(from, Math.min(kept.size(), from + GuestCommand.BATCH_MAX)));
    }
    sweep();
  }

  private void keep(List<String> batch) {
    bus.ask(new GuestCommand.KeepConnected(batch))
        .onSuccess(
            exist -> {
              for (String guest : batch) {
                ConnectedGuest connected = guests.get(guest);
                if (connected != null && !exist.contains(guest)) {
                  connected.sockets.forEach(socket -> socket.close(CloseReason.SESSION_ENDED));
                }
              }
            })
        .onFailure(failure -> LOG.debug("guests are not kept: {}", failure.toString()));
  }

  /** Deletes the data of guests who have ended, one after the other. */
  private void sweep() {
    if (sweeping.compareAndSet(false, true)) {
      bus.ask(new GuestCommand.TakeExpired())
          .compose(
              expired -> {
                Future<?> done = Future.succeededFuture();
                for (Expired guest : expired) {
                  done = done.compose(_ -> delete(guest));
                }
                return done;
              })
          .onFailure(failure -> LOG.debug("guests are not swept: {}", failure.toString()))
          .onComplete(_ -> sweeping.set(false));
    }
  }

  private Future<?> delete(Expired guest) {
    Future<?> done =
        guest.games().isEmpty() ? deleteData(guest.guest(), null) : Future.succeededFuture();
    for (String game : guest.games()) {
      done = done.compose(_ -> deleteData(guest.guest(), game));
    }
    return done.compose(_ -> bus.ask(new GuestCommand.Forget(guest.guest())));
  }
}
