package dev.rookery.auth;

import dev.rookery.auth.SessionStore.NewSession;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.base.SessionId;
import dev.rookery.player.Credentials;
import dev.rookery.player.DeviceIds;
import dev.rookery.player.Identity;
import dev.rookery.store.Batcher;
import dev.rookery.store.Database;
import dev.rookery.store.Placeholders;
import io.vertx.core.Context;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Sign-ins by device, the most frequent of all and without anything to compute: those that come at
 * the same time share a transaction. Two statements, three if any of them creates players, and one
 * wait for the disk.
 */
final class DeviceSignIns {
  private static final String DEVICE = "device";

  private final Database database;
  private final Credentials identities;
  private final Entrance entrance;
  private final TokenIssuer pairs;
  private final AuthSettings settings;
  private final Batcher<SignIn, Optional<Identity>> together;

  DeviceSignIns(
      Context context,
      Database database,
      Credentials identities,
      Entrance entrance,
      TokenIssuer pairs,
      AuthSettings settings) {
    this.database = database;
    this.identities = identities;
    this.entrance = entrance;
    this.pairs = pairs;
    this.settings = settings;
    this.together = new Batcher<>(context, Placeholders.MANY_MAX, this::signIn);
  }

  TokenPair signIn(String device, Client client) {
    if (!settings.deviceSignIn()) {
      throw Refused.denied("device_auth_disabled");
    }
    DeviceIds.check(device, settings.limits());
    SessionId session = pairs.newSessionId();
    Identity player =
        together
            .ask(new SignIn(device, client, session))
            .orElseThrow(() -> new Refused(new Refusal.Unavailable("try_again")));
    return pairs.issue(session, 0, entrance.check(player));
  }

  private List<Optional<Identity>> signIn(List<SignIn> all) {
    identities.prepareToCreate(database);
    var devices = all.stream().map(SignIn::device).collect(Collectors.toSet());
    Entered entered =
        database.write(
            tx -> {
              var found = identities.findOrCreateByDevice(tx, devices);
              var opened = new ArrayList<NewSession>(all.size());
              for (SignIn one : all) {
                Identity player = found.get(one.device);
                if (player != null && entrance.isOpenTo(player)) {
                  opened.add(new NewSession(one.session, player.player(), one.client));
                }
              }
              return new Entered(
                  found, opened.isEmpty() ? List.of() : entrance.enter(tx, DEVICE, opened));
            });
    entrance.tell(entered.ended);
    return all.stream().map(one -> Optional.ofNullable(entered.players.get(one.device))).toList();
  }

  private record Entered(Map<String, Identity> players, List<SessionId> ended) {}

  private record SignIn(String device, Client client, SessionId session) {}
}
