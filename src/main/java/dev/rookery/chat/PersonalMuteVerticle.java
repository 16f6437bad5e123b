package dev.rookery.chat;

import dev.rookery.base.GroupId;
import dev.rookery.base.LobbyId;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.bus.Done;
import dev.rookery.friend.Friends;
import dev.rookery.group.Groups;
import dev.rookery.lease.ClusterScheduler;
import dev.rookery.lease.Sweep;
import dev.rookery.lease.SweptTable;
import dev.rookery.lobby.Lobbies;
import dev.rookery.notification.PersonalMute;
import dev.rookery.notification.PersonalMute.Kind;
import dev.rookery.notification.PersonalMute.Subject;
import dev.rookery.notification.PersonalMutes;
import dev.rookery.party.Parties;
import dev.rookery.player.Export;
import dev.rookery.player.Players;
import dev.rookery.store.Database;
import dev.rookery.store.Placeholders;
import dev.rookery.store.Reader;
import dev.rookery.store.Transaction;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Serves what players mute for themselves, on virtual threads. */
public final class PersonalMuteVerticle extends VerticleBase {
  private static final Duration SWEEP_EVERY = Duration.ofHours(1);

  private final Bus bus;
  private final Database database;
  private final Players players;
  private final Groups groups;
  private final Lobbies lobbies;
  private final ConversationAccess access;
  private final ClusterScheduler scheduler;
  private final InstantSource clock;
  private final PersonalMutes mutes = new PersonalMutes();

  public PersonalMuteVerticle(
      Bus bus,
      Database database,
      Players players,
      Friends friends,
      Groups groups,
      Parties parties,
      Lobbies lobbies,
      ClusterScheduler scheduler,
      InstantSource clock) {
    this.bus = bus;
    this.database = database;
    this.players = players;
    this.access = new ConversationAccess(players, friends, groups, parties, lobbies);
    this.groups = groups;
    this.lobbies = lobbies;
    this.scheduler = scheduler;
    this.clock = clock;
  }

  @Override
  public Future<?> start() {
    scheduler.scheduleSweep(
        Sweep.every(
            SWEEP_EVERY, "ended mutes of players", SweptTable.expired("personal_mute", "until_ms")),
        _ -> sweep());
    return Future.all(
        bus.<PersonalMuteCommand<?>>serve(PersonalMuteCommand.ADDRESS, this::handle),
        bus.<Export>serve(
            Export.address("personal_mutes"), asked -> mutes.export(database, asked)));
  }

  private Object handle(PersonalMuteCommand<?> command) {
    return switch (command) {
      case PersonalMuteCommand.ListMutes(var player) ->
          named(database, mutes.list(database, player, clock.millis()));
      case PersonalMuteCommand.Mute mute -> mute(mute);
      case PersonalMuteCommand.Unmute(var player, var subject) ->
          database.write(
              tx -> {
                mutes.remove(tx, player, subject);
                return Done.DONE;
              });
    };
  }

  private PersonalMute mute(PersonalMuteCommand.Mute mute) {
    PlayerId player = mute.player();
    Subject subject = mute.subject();
    Long until = mute.untilMs();
    if (until != null && until <= clock.millis()) {
      throw Refused.invalid("until", "is in the past");
    }
    if (subject.isPlayer() && subject.id() == player.value()) {
      throw Refused.conflict("cannot_mute_self");
    }
    Set<PlayerId> locked =
        subject.isPlayer() ? Set.of(player, new PlayerId(subject.id())) : Set.of(player);
    return database.write(
        tx -> {
          // So that two at the same time do not exceed the maximum together.
          Set<PlayerId> existing = players.lockRows(tx, locked);
          if (!existing.contains(player)) {
            throw Refused.missing("not_found");
          }
          requireKnown(tx, existing, player, subject);
          mutes.removeEnded(tx, player);
          if (mutes.countOthers(tx, player, subject) >= PersonalMutes.MUTES_MAX) {
            throw Refused.conflict("too_many_mutes");
          }
          mutes.put(tx, player, subject, until == null ? PersonalMute.FOR_EVER : until);
          return named(
                  tx,
                  mutes.list(tx, player, tx.now().toEpochMilli()).stream()
                      .filter(one -> one.subject().equals(subject))
                      .toList())
              .getFirst();
        });
  }

  /** With the titles of groups and lobbies. */
  private List<PersonalMute> named(Reader reader, List<PersonalMute> all) {
    var titles = new HashMap<Subject, String>();
    Placeholders.inParts(
        ids(all, Kind.GROUP).map(GroupId::new).toList(),
        part ->
            groups
                .titles(reader, part)
                .forEach((id, title) -> titles.put(new Subject(Kind.GROUP, id.value()), title)));
    Placeholders.inParts(
        ids(all, Kind.LOBBY).map(LobbyId::new).toList(),
        part ->
            lobbies
                .titles(reader, part)
                .forEach((id, title) -> titles.put(new Subject(Kind.LOBBY, id.value()), title)));
    return all.stream()
        .map(one -> one.withName(titles.getOrDefault(one.subject(), one.name())))
        .toList();
  }

  private static Stream<Long> ids(List<PersonalMute> all, Kind kind) {
    return all.stream()
        .map(PersonalMute::subject)
        .filter(subject -> subject.kind() == kind)
        .map(Subject::id);
  }

  private void requireKnown(
      Transaction tx, Set<PlayerId> existing, PlayerId player, Subject subject) {
    switch (subject.kind()) {
      case PLAYER, DIRECT -> {
        if (!existing.contains(new PlayerId(subject.id()))) {
          throw Refused.missing("user_not_found");
        }
      }
      case GROUP -> access.requireMember(tx, player, of(Conversation.Kind.GROUP, subject));
      case PARTY -> access.requireMember(tx, player, of(Conversation.Kind.PARTY, subject));
      case LOBBY -> access.requireMember(tx, player, of(Conversation.Kind.LOBBY, subject));
    }
  }

  private static Conversation of(Conversation.Kind kind, Subject subject) {
    return new Conversation(kind, subject.id());
  }

  private long sweep() {
    long removed = 0;
    int some;
    do {
      some = database.write(mutes::removeEnded);
      removed += some;
    } while (some == PersonalMutes.REMOVED_MAX);
    return removed;
  }
}
