package dev.rookery.player;

import dev.rookery.base.FieldErrors;
import dev.rookery.base.Limits;
import dev.rookery.base.Page;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.base.Text;
import dev.rookery.base.Topic;
import dev.rookery.bus.Bus;
import dev.rookery.bus.Done;
import dev.rookery.console.Grants;
import dev.rookery.console.RoleTemplate;
import dev.rookery.player.DeviceDigests.Device;
import dev.rookery.store.Batcher;
import dev.rookery.store.Database;
import dev.rookery.store.IdempotentCommand;
import dev.rookery.store.Placeholders;
import dev.rookery.store.Reader;
import dev.rookery.store.StatementException;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves {@link PlayerCommand} on virtual threads. Concurrent {@code Find} commands share one
 * statement, because reading one's own profile is the most frequent request.
 */
public final class PlayerVerticle extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(PlayerVerticle.class);
  private static final Pattern LANGUAGES = Pattern.compile("(?:[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})?)?");

  private final Bus bus;
  private final Database database;
  private final Players players;
  private final PlayerStore store;
  private final AccountStore accounts;
  private final AccountListStore accountList;
  private final ExportStore exports = new ExportStore();
  private final Usernames usernames;
  private final ChosenTextStore languages = new ChosenTextStore("language");
  private final ChosenTextStore timeZones = new ChosenTextStore("time_zone");
  private final PlayerLookupStore lookup;
  private final Limits limits;
  private final DeviceDigests digests;
  private final DeviceStore deviceStore = new DeviceStore();
  private final Grants grants;
  private final PlayerRoles roles;

  public PlayerVerticle(
      Bus bus, Database database, InstantSource clock, Limits limits, DeviceDigests digests) {
    this.bus = bus;
    this.digests = digests;
    this.database = database;
    this.players = new Players(clock);
    this.store = players.store();
    this.accounts = new AccountStore(clock);
    this.accountList = new AccountListStore(clock, accounts);
    this.usernames = new Usernames(database);
    this.lookup = new PlayerLookupStore(digests);
    this.limits = limits;
    this.grants = new Grants(clock);
    this.roles = new PlayerRoles(database, players, accounts, grants);
  }

  @Override
  public Future<?> start() {
    var findBatcher = new Batcher<>(context, Placeholders.MANY_MAX, this::findAll);
    return Future.all(
        List.of(
            bus.<PlayerCommand<?>>serve(
                PlayerCommand.ADDRESS, command -> handle(command, findBatcher)),
            serveExport("profile", exports::profile),
            serveExport("devices", exports::devices),
            serveExport("linked_providers", exports::linkedProviders),
            serveExport("bans", exports::bans),
            serveExport("console", this::console)));
  }

  private Future<Void> serveExport(String section, BiFunction<Reader, Export, Export.Part> part) {
    return bus.<Export>serve(Export.address(section), export -> part.apply(database, export));
  }

  private Export.Part console(Reader reader, Export export) {
    return Export.Part.whole(grants.export(reader, export.player()));
  }

  private Object handle(PlayerCommand<?> command, Batcher<PlayerId, Optional<Player>> findBatcher) {
    return switch (command) {
      case PlayerCommand.Find(var player) ->
          findBatcher.submit(player).map(found -> found.orElseThrow(PlayerVerticle::notFound));
      case PlayerCommand.Search(var text, var byEmail, var page) -> search(text, byEmail, page);
      case PlayerCommand.Rename(var player, var name) -> rename(player, name);
      case PlayerCommand.FindLanguage(var player) ->
          languages.find(database, player).orElseThrow(PlayerVerticle::notFound);
      case PlayerCommand.ChooseLanguage(var player, var language) ->
          chooseLanguage(player, language);
      case PlayerCommand.FindTimeZone(var player) ->
          timeZones.find(database, player).orElseThrow(PlayerVerticle::notFound);
      case PlayerCommand.ChooseTimeZone(var player, var zone) -> chooseTimeZone(player, zone);
      case PlayerCommand.FindUsername(var player) -> usernames.find(player);
      case PlayerCommand.FindByUsername(var username) ->
          found(usernames.findPlayer(database, username));
      case PlayerCommand.FindByEmail(var email) -> found(lookup.byEmail(database, email));
      case PlayerCommand.HasConfirmedEmail(var player) ->
          PlayerLookupStore.hasConfirmedEmail(database, player);
      case PlayerCommand.FindByDevice(var device) -> found(lookup.byDevice(database, device));
      case PlayerCommand.FindByProvider(var provider, var id) ->
          found(ProviderLinkStore.findOwner(database, provider, id));
      case PlayerCommand.ChangeUsername(var player, var username) ->
          usernames.change(player, username);
      case PlayerCommand.LinkDevice(var player, var device) -> linkDevice(player, device);
      case PlayerCommand.UnlinkDevice(var player) -> unlinkDevice(player);
      case PlayerCommand.UnlinkProvider(var player, var provider) ->
          unlinkProvider(player, provider);
      case PlayerCommand.FindAccount(var player) -> found(Optional.of(player));
      case PlayerCommand.SearchAccounts search -> search(search);
      case PlayerCommand.ListAccounts list -> list(list);
      case PlayerCommand.CountAccounts(var filter, var max) ->
          isFindable(filter.text()) ? accountList.count(database, filter, max) : Long.valueOf(0);
      case PlayerCommand.Count(var filter) -> accounts.count(database, filter);
      case PlayerCommand.Update update -> update(update);
      case PlayerCommand.SetRole set -> roles.set(set);
      case PlayerCommand.AcceptInvite(var player, var token) -> roles.acceptInvite(player, token);
      case PlayerCommand.EndExpiredRole(var player) -> roles.endExpired(player);
      case PlayerCommand.BecomeOwner(var player, var code) -> roles.becomeOwner(player, code);
      case PlayerCommand.Remove(var player) -> remove(player);
    };
  }

  private Account found(Optional<PlayerId> player) {
    return player.flatMap(id -> accounts.find(database, id)).orElseThrow(PlayerVerticle::notFound);
  }

  private List<Optional<Player>> findAll(List<PlayerId> players) {
    var found = store.findAll(database, new HashSet<>(players));
    return players.stream().map(player -> Optional.ofNullable(found.get(player))).toList();
  }

  private Page<Player> search(String text, boolean byEmail, Page.Request page) {
    return isSearchable(text)
        ? store.search(database, text, parseId(text), byEmail, page)
        : new Page<>(List.of(), page.number(), page.size(), 0);
  }

  private Page<Account> search(PlayerCommand.SearchAccounts search) {
    String text = search.text();
    Page.Request page = search.page();
    return text == null || isSearchable(text)
        ? accounts.search(database, search, text == null ? null : parseId(text), page)
        : new Page<>(List.of(), page.number(), page.size(), 0);
  }

  private List<Account> list(PlayerCommand.ListAccounts list) {
    return isFindable(list.filter().text()) ? accountList.list(database, list) : List.of();
  }

  private boolean isFindable(@Nullable String text) {
    return text == null || isSearchable(text);
  }

  /** A longer text matches no name, and what cannot be stored none either. */
  private boolean isSearchable(String text) {
    int longest = Math.max(limits.displayNameMax(), limits.emailMax());
    return text.length() <= 2 * longest
        && Text.isStorable(text)
        && !PlayerStore.nameKey(text).isBlank();
  }

  private Account update(PlayerCommand.Update update) {
    String name = update.displayName();
    new FieldErrors()
        .visibleLine("display_name", name == null || name.isBlank() ? null : name, nameMax())
        .object("metadata", update.metadata(), limits.metadataBytesMax())
        .refuse();
    if (Boolean.FALSE.equals(update.admin()) && update.by().equals(update.player())) {
      throw Refused.conflict("cannot_demote_self");
    }
    PlayerId player = update.player();
    grants.requireRank(database, player);
    Boolean admin = update.admin();
    if (admin != null) {
      roles.recordBefore(player);
    }
    Updated done =
        database.write(
            tx -> {
              Long revision = update.revision();
              if (revision != null
                  && store.lock(tx, player).filter(now -> now.revision() != revision).isPresent()) {
                throw Refused.conflict("revision_conflict");
              }
              String kept = name == null || !name.isBlank() ? name : "";
              Player before = store.lock(tx, player).orElseThrow(PlayerVerticle::notFound);
              if (admin != null && admin != before.admin()) {
                grants.set(tx, update.by(), player, admin ? RoleTemplate.ADMIN.name() : null, null);
              }
              Player updated =
                  accounts
                      .update(tx, player, update.admin(), kept, update.metadata())
                      .orElseThrow(PlayerVerticle::notFound);
              players.appendUpdate(tx, updated);
              Account account = accounts.find(tx, player).orElseThrow(PlayerVerticle::notFound);
              return new Updated(updated, account);
            });
    if (name != null) {
      tellLobby(done.player);
    }
    return done.account;
  }

  private record Updated(Player player, Account account) {}

  private int nameMax() {
    return limits.displayNameMax();
  }

  private static @Nullable Long parseId(String text) {
    if (!text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return null;
    }
    try {
      return Long.valueOf(text);
    } catch (NumberFormatException _) {
      return null;
    }
  }

  private Player rename(PlayerId player, @Nullable String displayName) {
    String given = displayName == null || displayName.isBlank() ? null : displayName;
    new FieldErrors().visibleLine("display_name", given, nameMax()).refuse();
    String name = given == null ? "" : given;
    Player renamed =
        database.write(
            tx ->
                players.appendUpdate(
                    tx, store.rename(tx, player, name).orElseThrow(PlayerVerticle::notFound)));
    tellLobby(renamed);
    return renamed;
  }

  private void tellLobby(Player renamed) {
    if (renamed.lobby() != null) {
      bus.send(new MemberRenamed(renamed.id()))
          .onFailure(
              failure ->
                  LOG.warn(
                      "the teams of lobby {} show the old name of player {}: {}",
                      renamed.lobby(),
                      renamed.id(),
                      failure.toString()));
    }
  }

  private String chooseLanguage(PlayerId player, String language) {
    if (!LANGUAGES.matcher(language).matches()) {
      throw Refused.invalid("language", "is invalid");
    }
    return database.write(
        tx -> languages.choose(tx, player, language).orElseThrow(PlayerVerticle::notFound));
  }

  private Player linkDevice(PlayerId player, String deviceId) {
    DeviceIds.check(deviceId, limits);
    Device device = digests.device(deviceId);
    try {
      return database.write(
          tx -> {
            MarkedPlayerStore.requireUnmarked(tx, player);
            if (deviceStore.isOfOther(tx, device, player.value())) {
              throw deviceTaken();
            }
            return players.appendChange(
                tx, store.linkDevice(tx, player, device).orElseThrow(PlayerVerticle::notFound));
          });
    } catch (StatementException failed) {
      if (failed.isDuplicate()) {
        throw deviceTaken();
      }
      throw failed;
    }
  }

  private static Refused deviceTaken() {
    return Refused.invalid("device_id", "has already been taken");
  }

  private Player unlinkDevice(PlayerId player) {
    grants.requireRank(database, player);
    return database.write(
        tx -> {
          var unlinked = store.unlinkDevice(tx, player);
          if (unlinked.isPresent()) {
            return players.appendChange(tx, unlinked.get());
          }
          Player unchanged = store.find(tx, player).orElseThrow(PlayerVerticle::notFound);
          if (unchanged.hasDevice()) {
            throw Refused.conflict("last_authentication_method");
          }
          return unchanged;
        });
  }

  private Player unlinkProvider(PlayerId player, Provider provider) {
    grants.requireRank(database, player);
    return database.write(
        tx -> {
          var unlinked = store.unlinkProvider(tx, player, provider);
          if (unlinked.isPresent()) {
            return players.appendChangeToAll(tx, unlinked.get());
          }
          Player unchanged = store.find(tx, player).orElseThrow(PlayerVerticle::notFound);
          if (unchanged.linked().size() <= 1) {
            throw Refused.conflict("last_provider");
          }
          return unchanged;
        });
  }

  private String chooseTimeZone(PlayerId player, String zone) {
    if (!zone.isEmpty() && !ZoneId.getAvailableZoneIds().contains(zone)) {
      throw Refused.invalid("time_zone", "is not a time zone");
    }
    return database.write(
        tx -> timeZones.choose(tx, player, zone).orElseThrow(PlayerVerticle::notFound));
  }

  private Done remove(PlayerId player) {
    return database.write(
        tx -> {
          var removed = store.remove(tx, player);
          if (removed.isEmpty()) {
            Player kept = store.find(tx, player).orElseThrow(PlayerVerticle::notFound);
            throw Refused.conflict(kept.lobby() == null ? "in_party" : "in_lobby");
          }
          IdempotentCommand.forget(tx, player);
          grants.forget(tx, player);
          tx.append(Topic.player(player), new PlayerEvent.Removed(removed.get()));
          return Done.DONE;
        });
  }

  private static Refused notFound() {
    return Refused.missing("not_found");
  }
}
