package dev.rookery.auth;

import dev.rookery.auth.SessionStore.NewSession;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.base.SessionId;
import dev.rookery.player.Credentials;
import dev.rookery.player.DeviceIds;
import dev.rookery.player.Identity;
import dev.rookery.store.Batcher;
import dev.rookery.store.Batcher.Outcome;
import dev.rookery.store.Database;
import io.vertx.core.Context;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Signs players in by device id, the most frequent method, for which nothing has to be computed.
 * Those who sign in at the same time share a transaction of two statements, three if any of them is
 * a new player.
 */
final class DeviceSignIns {
  private static final String DEVICE = "device";
  private static final int TRIES_MAX = 3;

  private final Database database;
  private final Credentials identities;
  private final SessionOpener sessionOpener;
  private final TokenIssuer tokens;
  private final AuthSettings settings;
  private final Batcher<SignIn, Identity> batcher;

  DeviceSignIns(
      Context context,
      Database database,
      Credentials identities,
      SessionOpener sessionOpener,
      TokenIssuer tokens,
      AuthSettings settings) {
    this.database = database;
    this.identities = identities;
    this.sessionOpener = sessionOpener;
    this.tokens = tokens;
    this.settings = settings;
    this.batcher =
        new Batcher<>(
            context,
            database,
            "auth.device",
            _ -> null,
            new Refusal.Unavailable("try_again"),
            (all, _) -> signIn(all));
  }

  TokenPair signIn(String device, Client client) {
    check(device);
    SessionId session = tokens.newSessionId();
    Identity player = batcher.ask(new SignIn(device, client, session));
    return tokens.issue(session, player);
  }

  /** The player of a device, who may be new, without a session. */
  PlayerId findOrCreate(String device) {
    check(device);
    identities.prepareToCreate(database);
    for (int i = 0; i < TRIES_MAX; i++) {
      Identity found =
          database.write(tx -> identities.findOrCreateByDevice(tx, Set.of(device)).get(device));
      // Null if another transaction created a player with the device, or removed one.
      if (found != null) {
        return found.player();
      }
    }
    throw new Refused(new Refusal.Unavailable("try_again"));
  }

  private void check(String device) {
    if (!settings.deviceSignIn()) {
      throw Refused.denied("device_auth_disabled");
    }
    DeviceIds.check(device, settings.limits());
  }

  private List<Outcome<Identity>> signIn(List<SignIn> all) {
    identities.prepareToCreate(database);
    var devices = all.stream().map(SignIn::device).collect(Collectors.toSet());
    var ended = new ArrayList<SessionId>();
    List<Outcome<Identity>> outcomes =
        database.write(
            tx -> {
              Map<String, Identity> found = identities.findOrCreateByDevice(tx, devices);
              var opened = new ArrayList<NewSession>(all.size());
              var signedIn = all.stream().map(one -> signIn(one, found, opened)).toList();
              ended.clear();
              if (!opened.isEmpty()) {
                ended.addAll(sessionOpener.open(tx, DEVICE, opened));
              }
              return signedIn;
            });
    sessionOpener.publishEnded(ended);
    return outcomes;
  }

  /** Retried if another transaction created a player with the device, or removed one. */
  private Outcome<Identity> signIn(
      SignIn one, Map<String, Identity> found, List<NewSession> opened) {
    Identity player = found.get(one.device);
    if (player == null) {
      return Outcome.retry();
    }
    try {
      sessionOpener.requireNotBanned(player);
    } catch (Refused banned) {
      return Outcome.refused(banned);
    }
    opened.add(new NewSession(one.session, player.player(), one.client));
    return Outcome.done(player);
  }

  private record SignIn(String device, Client client, SessionId session) {}
}
