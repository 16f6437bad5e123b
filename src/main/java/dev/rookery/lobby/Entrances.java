package dev.rookery.lobby;

import dev.rookery.auth.PasswordHasher;
import dev.rookery.base.LobbyId;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.base.Topic;
import dev.rookery.lobby.Batched.Arrival;
import dev.rookery.lobby.Batched.Opening;
import dev.rookery.lobby.Batched.Outcome;
import dev.rookery.lobby.LobbyCommand.Join;
import dev.rookery.lobby.LobbyCommand.Open;
import dev.rookery.lobby.LobbyCommand.OpenHostless;
import dev.rookery.lobby.LobbyCommand.QuickJoin;
import dev.rookery.lobby.LobbyCommand.Settings;
import dev.rookery.player.Player;
import dev.rookery.player.Players;
import dev.rookery.store.AppendResult;
import dev.rookery.store.Database;
import dev.rookery.store.IdempotentCommand;
import dev.rookery.store.Transaction;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The ways into a lobby. The usual ones are gone together with others; see {@link Batch}.
 *
 * <p>Alone, coming in takes two conditional statements, one on the lobby and one on the player.
 * Nobody asks beforehand whether they will succeed; when one does not, everything is rolled back
 * and only then somebody looks why. Passwords are hashed between transactions, never inside.
 */
final class Entrances {
  private static final int TRIES_MAX = 5;
  private static final String JOIN = "lobby.join";

  // A quick join gives up on finding after so many candidates, and opens a lobby instead.
  private static final int CANDIDATES_AT_ONCE = 20;
  private static final int LOOKS_MAX = 5;

  private static final int NUMBERS = 1_000_000;

  private final Batches batches;
  private final Database database;
  private final LobbyStore lobbies;
  private final Players players;
  private final Teams teams;
  private final PasswordHasher passwords;
  private final LobbyRules rules;
  private final LobbySetup setup;

  Entrances(
      Batches batches,
      Database database,
      LobbyStore lobbies,
      Players players,
      Teams teams,
      PasswordHasher passwords,
      LobbyRules rules,
      LobbySetup setup) {
    this.batches = batches;
    this.database = database;
    this.lobbies = lobbies;
    this.players = players;
    this.teams = teams;
    this.passwords = passwords;
    this.rules = rules;
    this.setup = setup;
  }

  Lobby open(Open open) {
    var errors = rules.errorsOpening(open.settings());
    if (!errors.isEmpty()) {
      refuseIfSeated(open.host());
      errors.refuse();
    }
    String hash = hash(open.settings());
    return open.idempotencyKey() != null
        ? openAlone(open, hash)
        : batches
            .share(new Opening(open.host(), draft(open.settings()), hash, null))
            .map(Outcome::lobby)
            .orElseGet(() -> openAlone(open, hash));
  }

  private Lobby openAlone(Open open, @Nullable String hash) {
    return database.write(
        tx ->
            IdempotentCommand.once(
                tx,
                open.host(),
                open.idempotencyKey(),
                "lobby.open",
                Lobby.class,
                () -> opened(tx, open.host(), draft(open.settings()), hash)));
  }

  Lobby openHostless(OpenHostless open) {
    rules.errorsOpening(open.settings()).refuse();
    String hash = hash(open.settings());
    return database.write(
        tx -> {
          Draft draft = draft(open.settings());
          LobbyId id = lobbies.insert(tx, draft, null, hash);
          Lobby lobby = draft.opened(id, null, hash != null, null, null);
          tx.append(Topic.lobby(id), new LobbyEvent.Opened(lobby));
          return lobby;
        });
  }

  Entry join(Join join) {
    String password = join.password();
    boolean plain = join.idempotencyKey() == null && (password == null || password.isEmpty());
    return plain
        ? batches
            .share(new Arrival(join.player(), join.lobby(), null))
            .flatMap(Entrances::entry)
            .orElseGet(() -> join(join, teams::withIfAny))
        : join(join, teams::withIfAny);
  }

  /** What came of an arrival with others. */
  static Optional<Entry> entry(Outcome outcome) {
    Lobby lobby = outcome.lobby();
    AppendResult told = outcome.told();
    return lobby == null || told == null
        ? Optional.empty()
        : Optional.of(new Entry(lobby, false, told.position()));
  }

  /**
   * @param coming how the lobby is with the player in it
   */
  Entry join(Join join, Teams.Coming coming) {
    return answered(join).orElseGet(() -> enter(join, coming));
  }

  private Optional<Entry> answered(Join join) {
    return IdempotentCommand.answered(
            database, join.player(), join.idempotencyKey(), JOIN, Lobby.class)
        .map(lobby -> new Entry(lobby, false, null));
  }

  private Entry enter(Join join, Teams.Coming coming) {
    String opens = null;
    String password = join.password();
    for (int tries = 0; tries < TRIES_MAX; tries++) {
      if (tries > 0 || (password != null && !password.isEmpty())) {
        Stored found = lobbies.find(database, join.lobby()).orElseThrow(Entrances::notFound);
        Player player = players.find(database, join.player());
        if (LobbyRules.isIn(found.lobby(), player)) {
          return answered(join).orElseGet(() -> Entry.already(found.lobby()));
        }
        LobbyRules.mayEnter(found.lobby(), player);
        opens = opened(found.passwordHash(), password);
      }
      Optional<Entry> entered = seat(join, opens, coming);
      if (entered.isPresent()) {
        return entered.get();
      }
    }
    throw new Refused(new Refusal.Unavailable("lobby_busy"));
  }

  Lobby quickJoin(QuickJoin join) {
    Settings settings =
        new Settings(join.title(), join.seatsMax(), null, null, null, join.metadata(), null);
    var errors = rules.errorsOpening(settings);
    if (!errors.isEmpty()) {
      refuseIfSeated(join.player());
      errors.refuse();
    }
    return database.write(
        tx ->
            IdempotentCommand.once(
                tx,
                join.player(),
                join.idempotencyKey(),
                "lobby.quick_join",
                Lobby.class,
                () ->
                    found(tx, join)
                        .orElseGet(() -> opened(tx, join.player(), draft(settings), null))));
  }

  /**
   * A seat in the oldest lobby that fits. First among those that nobody else is just entering, so
   * that a crowd spreads instead of queueing at one door; but before a player opens a lobby of his
   * own he waits at the doors of the others.
   */
  private Optional<Lobby> found(Transaction tx, QuickJoin join) {
    Optional<Lobby> free =
        join.metadata().isEmpty()
            ? lobbies.takeSeatInOldestFree(tx, join.seatsMax())
            : search(tx, join, id -> lobbies.takeSeatIfFree(tx, id));
    return free.or(() -> search(tx, join, id -> lobbies.takeSeat(tx, id, null)))
        .map(lobby -> joined(tx, lobby, join.player(), teams::withIfAny, _ -> {}));
  }

  /** Goes up by id only, so that nobody waits in a circle. */
  private Optional<Lobby> search(
      Transaction tx, QuickJoin join, Function<LobbyId, Optional<Lobby>> take) {
    long after = 0;
    for (int looks = 0; looks < LOOKS_MAX; looks++) {
      var candidates = lobbies.candidates(tx, after, join.seatsMax(), CANDIDATES_AT_ONCE);
      for (LobbyStore.Candidate candidate : candidates) {
        after = candidate.id().value();
        if (join.metadata().isEmpty() || LobbyRules.fits(candidate.data(), join.metadata())) {
          Optional<Lobby> taken = take.apply(candidate.id());
          if (taken.isPresent()) {
            return taken;
          }
        }
      }
      if (candidates.size() < CANDIDATES_AT_ONCE) {
        break;
      }
    }
    return Optional.empty();
  }

  /** Empty when something was in the way; nothing is changed then. */
  private Optional<Entry> seat(Join join, @Nullable String opens, Teams.Coming coming) {
    try {
      var told = new AtomicReference<@Nullable AppendResult>();
      Lobby lobby =
          database.write(
              tx -> {
                told.set(null);
                return IdempotentCommand.once(
                    tx,
                    join.player(),
                    join.idempotencyKey(),
                    JOIN,
                    Lobby.class,
                    () -> seated(tx, join, opens, coming, told::set));
              });
      AppendResult place = told.get();
      return Optional.of(new Entry(lobby, false, place == null ? null : place.position()));
    } catch (Refused refused) {
      if (refused.refusal() instanceof Refusal.Conflict) {
        return Optional.empty();
      }
      throw refused;
    }
  }

  private Lobby seated(
      Transaction tx,
      Join join,
      @Nullable String opens,
      Teams.Coming coming,
      Consumer<AppendResult> told) {
    Lobby seated =
        lobbies
            .takeSeat(tx, join.lobby(), opens)
            .orElseThrow(() -> Refused.conflict("not_enterable"));
    return joined(tx, seated, join.player(), coming, told);
  }

  private Lobby joined(
      Transaction tx, Lobby seated, PlayerId id, Teams.Coming coming, Consumer<AppendResult> told) {
    Player player = players.joinLobby(tx, id, seated.id());
    Lobby lobby = coming.into(tx, seated, player);
    told.accept(tx.append(Topic.lobby(lobby.id()), new LobbyEvent.Joined(lobby, player)));
    return lobby;
  }

  private Lobby opened(Transaction tx, PlayerId host, Draft draft, @Nullable String hash) {
    LobbyId id = lobbies.insert(tx, draft, host, hash);
    Player player = players.joinLobby(tx, host, id);
    Lobby lobby = draft.opened(id, player, hash != null, null, null);
    tx.append(Topic.lobby(id), new LobbyEvent.Opened(lobby));
    return lobby;
  }

  private Draft draft(Settings settings) {
    return Draft.fresh("lobby-" + setup.random().nextInt(NUMBERS)).with(settings);
  }

  private void refuseIfSeated(PlayerId player) {
    if (players.find(database, player).lobby() != null) {
      throw Refused.conflict("already_in_lobby");
    }
  }

  private @Nullable String hash(Settings settings) {
    String password = settings.password();
    return password == null || password.isEmpty() ? null : passwords.hash(password);
  }

  /** The hash that the password opens; null where there is none to open. */
  private @Nullable String opened(@Nullable String hash, @Nullable String password) {
    if (hash == null) {
      return null;
    }
    if (password == null || password.isEmpty()) {
      throw Refused.denied("password_required");
    }
    if (password.length() > 2 * setup.limits().lobbyPasswordMax()
        || !passwords.matches(password, hash)) {
      throw Refused.denied("invalid_password");
    }
    return hash;
  }

  private static Refused notFound() {
    return Refused.missing("not_found");
  }
}
