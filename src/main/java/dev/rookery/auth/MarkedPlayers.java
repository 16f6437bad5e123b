package dev.rookery.auth;

import dev.rookery.auth.SessionStore.NewSession;
import dev.rookery.base.FieldErrors;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.base.SessionId;
import dev.rookery.console.Grants;
import dev.rookery.console.OidcSignIns;
import dev.rookery.player.Credentials;
import dev.rookery.player.Identity;
import dev.rookery.player.PlayerMark;
import dev.rookery.session.Tokens;
import dev.rookery.store.Database;
import dev.rookery.store.IdempotentCommand;
import dev.rookery.store.Transaction;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Creates test players and sample players, and opens the short sessions in which an admin tries
 * requests: as a test player, or as themselves. Nobody gets a session of somebody else.
 */
final class MarkedPlayers {
  static final String SESSION_KIND = "console";

  private final Database database;
  private final Credentials credentials;
  private final SessionOpener sessionOpener;
  private final TokenIssuer tokenIssuer;
  private final AuthSettings settings;
  private final Grants grants;
  private final OidcSignIns oidc = new OidcSignIns();

  MarkedPlayers(
      Database database,
      Credentials credentials,
      SessionOpener sessionOpener,
      TokenIssuer tokenIssuer,
      AuthSettings settings,
      InstantSource clock) {
    this.database = database;
    this.credentials = credentials;
    this.sessionOpener = sessionOpener;
    this.tokenIssuer = tokenIssuer;
    this.settings = settings;
    this.grants = new Grants(clock);
  }

  List<PlayerId> create(AuthCommand.CreateMarkedPlayers create) {
    int nameMax = settings.limits().displayNameMax();
    var errors = new FieldErrors();
    create.displayNames().stream()
        .filter(name -> !name.isBlank())
        .forEach(name -> errors.visibleLine("display_name", name, nameMax));
    errors.refuse();
    credentials.prepareToCreate(database);
    var idempotent =
        IdempotentCommand.of(create.admin(), create.idempotencyKey(), "marked_players.create");
    return List.of(
        database.<PlayerId[]>write(
            tx ->
                IdempotentCommand.once(
                    tx, idempotent, PlayerId[].class, () -> create(tx, create))));
  }

  private PlayerId[] create(Transaction tx, AuthCommand.CreateMarkedPlayers create) {
    PlayerMark mark = create.mark();
    long before = credentials.lockAndCountMarked(tx, mark);
    if (before + create.displayNames().size() > mark.max()) {
      throw Refused.conflict("too_many_" + mark.text() + "_players");
    }
    List<String> names =
        IntStream.range(0, create.displayNames().size())
            .mapToObj(i -> name(create.displayNames().get(i), mark, before + i + 1))
            .toList();
    return credentials.createMarked(tx, mark, names).stream()
        .map(Identity::player)
        .toArray(PlayerId[]::new);
  }

  private static String name(String given, PlayerMark mark, long number) {
    String word = mark == PlayerMark.TEST ? "Test" : "Sample";
    return given.isBlank() ? word + " player " + number : given.strip();
  }

  ShortToken openTest(AuthCommand.OpenTestSession open) {
    if (!credentials.isMarked(database, open.player(), PlayerMark.TEST)
        || grants.find(database, open.player()).isPresent()) {
      throw Refused.denied("not_a_test_player");
    }
    return open(open.player(), open.client(), false);
  }

  ShortToken openOwn(AuthCommand.OpenOwnSession open) {
    return open(open.admin(), open.client(), true);
  }

  /**
   * @param own whether an admin of the console opens it for themselves
   */
  private ShortToken open(PlayerId player, Client client, boolean own) {
    SessionId session = tokenIssuer.newSessionId();
    List<SessionId> ended = new ArrayList<>();
    Identity identity =
        database.write(
            tx -> {
              Identity found =
                  sessionOpener.requireNotBanned(
                      credentials.see(tx, player).orElseThrow(() -> Refused.missing("not_found")));
              ended.clear();
              ended.addAll(
                  sessionOpener.open(
                      tx,
                      SESSION_KIND,
                      List.of(new NewSession(session, player, client)),
                      Tokens.ACCESS_LIFETIME));
              if (own) {
                oidc.recordFurtherSession(tx, player, session);
              }
              return found;
            });
    sessionOpener.publishEnded(ended);
    TokenPair pair = tokenIssuer.issue(session, identity);
    return new ShortToken(
        pair.accessToken(), pair.accessLifetime(), pair.player(), pair.displayName());
  }
}
