package dev.rookery.protocol.console;

import dev.rookery.bus.Bus;
import dev.rookery.console.ConsoleCommand;
import dev.rookery.console.OperationsQuery.History;
import dev.rookery.console.SetupStep;
import dev.rookery.lobby.LobbyQuery;
import dev.rookery.player.PlayerCommand;
import dev.rookery.protocol.console.OperationsView.Setup;
import dev.rookery.protocol.console.OperationsView.Step;
import io.vertx.core.Future;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a new server is set up with, and how far that is. A page asks three bounded statements while
 * it is incomplete, and one afterwards.
 */
final class SetupChecklist {
  private static final String ONLINE = "players.online";
  private static final String EMAILS = "mail.sent";

  /** What it needs to know of the last hour. */
  static final List<String> COLUMNS = List.of(ONLINE, EMAILS);

  /** An offer, and never done: nothing depends on it. */
  private static final Step SAMPLES =
      new Step(
          false,
          "See the console with data in it.",
          "Sample data is marked, and one button removes it.",
          SamplePages.PATH,
          "Sample data");

  private static final PlayerCommand.ListAccounts TWO_PLAYERS =
      new PlayerCommand.ListAccounts(
          PlayerCommand.AccountFilter.withMark(PlayerCommand.MarkFilter.NONE),
          PlayerCommand.AccountOrder.OLDEST,
          null,
          false,
          2);

  private final Bus bus;
  private final boolean takesSamples;

  /**
   * @param takesSamples whether the server takes sample data
   */
  SetupChecklist(Bus bus, boolean takesSamples) {
    this.bus = bus;
    this.takesSamples = takesSamples;
  }

  /** The checklist, which is empty once all of it is done. */
  Future<Setup> read(History hour) {
    return bus.ask(new ConsoleCommand.ReadSetup(Set.of()))
        .compose(done -> look(done, hour))
        .map(this::checklist);
  }

  /** Adds what can be seen now to the steps that are done. */
  private Future<Set<SetupStep>> look(Set<SetupStep> done, History hour) {
    return isComplete(done)
        ? Future.succeededFuture(done)
        : findSeen(done, hour).compose(seen -> remember(done, seen));
  }

  private static boolean isComplete(Set<SetupStep> done) {
    return done.size() == SetupStep.values().length;
  }

  private Future<Set<SetupStep>> remember(Set<SetupStep> done, Set<SetupStep> seen) {
    return seen.isEmpty()
        ? Future.succeededFuture(done)
        : bus.ask(new ConsoleCommand.ReadSetup(seen));
  }

  /** Returns those of the missing steps that can be seen now. */
  private Future<Set<SetupStep>> findSeen(Set<SetupStep> done, History hour) {
    Future<Boolean> players =
        done.contains(SetupStep.PLAYER)
            ? Future.succeededFuture(false)
            : bus.ask(TWO_PLAYERS).map(found -> found.size() > 1);
    Future<Boolean> lobby =
        done.contains(SetupStep.LOBBY)
            ? Future.succeededFuture(false)
            : bus.ask(new LobbyQuery.IsAnyShared());
    return Future.all(players, lobby)
        .map(
            _ -> {
              var seen = EnumSet.noneOf(SetupStep.class);
              add(seen, SetupStep.PLAYER, players.result());
              add(seen, SetupStep.LOBBY, lobby.result());
              add(seen, SetupStep.SOCKET, AttentionCheck.hasAny(hour, ONLINE));
              add(seen, SetupStep.EMAIL, AttentionCheck.hasAny(hour, EMAILS));
              seen.removeAll(done);
              return Set.copyOf(seen);
            });
  }

  private static void add(Set<SetupStep> seen, SetupStep step, boolean happened) {
    if (happened) {
      seen.add(step);
    }
  }

  private Setup checklist(Set<SetupStep> done) {
    if (isComplete(done)) {
      return Setup.NONE;
    }
    Stream<Step> steps = Stream.of(SetupStep.values()).map(step -> step(step, done.contains(step)));
    return new Setup(
        takesSamples ? Stream.concat(steps, Stream.of(SAMPLES)).toList() : steps.toList());
  }

  private static Step step(SetupStep step, boolean done) {
    return switch (step) {
      case OWNER ->
          new Step(
              done,
              "The server has an owner.",
              "The setup code is in the output of the node.",
              "/admin/setup",
              "Become the owner");
      case PLAYER ->
          new Step(
              done,
              "A first player has signed in.",
              "Sign in from your client, with a device id for example.",
              ConnectPages.PATH,
              "Connect a client");
      case SOCKET ->
          new Step(
              done,
              "A player was online.",
              "Open a socket with the token of the sign-in.",
              ConnectPages.PATH,
              "Open a socket");
      case LOBBY ->
          new Step(
              done,
              "Two players were in one lobby.",
              "One opens a lobby, the other joins it.",
              PlaygroundPages.PATH + "?demo",
              "Two-tab demo");
      case EMAIL ->
          new Step(
              done,
              "Email works.",
              "Set a mail server, and ask for a sign-in link by email.",
              "/docs/email",
              "Set up email");
      case BACKUP ->
          new Step(
              done,
              "A backup was made.",
              "The node makes one while it runs.",
              BackupPages.PATH,
              "Make a backup");
      case FACTOR ->
          new Step(
              done,
              "An admin has a second factor.",
              "All you need is an authenticator app.",
              "/admin/factor",
              "Set up a second factor");
    };
  }
}
