package dev.rookery.protocol.console;

import dev.rookery.bus.Bus;
import dev.rookery.console.Permission;
import dev.rookery.protocol.console.ListView.Action;
import dev.rookery.protocol.console.RecordPage.Fact;
import dev.rookery.sample.SampleCommand;
import dev.rookery.sample.SampleRun;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Makes sample data and removes it, and shows how far that is. In production it only removes. */
final class SamplePages implements ConsoleSection {
  static final String PATH = "/admin/sample";
  private static final String LIVE = "sample";

  private final Bus bus;
  private final Changes changes;
  private final LiveViews live;
  private final boolean offered;

  /**
   * @param offered whether the menu has the page
   */
  SamplePages(Bus bus, Changes changes, LiveViews live, boolean offered) {
    this.offered = offered;
    this.bus = bus;
    this.changes = changes;
    this.live = live;
  }

  @Override
  public void register(ConsoleRouter console) {
    if (offered) {
      console.menu(
          new MenuEntry(MenuEntry.Group.CODE, "Sample data", PATH, null, Permission.PLAYERS_READ));
    }
    console.page(PATH, Permission.PLAYERS_READ, this::show);
    console.action(PATH + "/make", Permission.PLAYERS_TEST, this::make);
    console.action(PATH + "/remove", Permission.PLAYERS_TEST, this::remove);
    console.message("sample-begun", "The sample data is being made.");
    console.message("sample-removal-begun", "The sample data is being removed.");
    live.add(LIVE, Permission.PLAYERS_READ, Duration.ofSeconds(1), _ -> this::message);
  }

  private Future<JsonObject> message() {
    return bus.ask(new SampleCommand.Find())
        .map(run -> JsonObject.of("parts", JsonObject.of("status", version(run))));
  }

  private static String version(SampleRun run) {
    return run.state() + " " + run.done() + " " + run.counts();
  }

  private Future<ConsoleView> show(ConsoleRequest request) {
    return bus.ask(new SampleCommand.Find()).map(run -> page(request, run));
  }

  private static ConsoleView page(ConsoleRequest request, SampleRun run) {
    var model = new HashMap<String, Object>();
    model.put("live", LIVE);
    model.put("statusVersion", version(run));
    model.put("enabled", run.enabled());
    model.put("running", run.isRunning());
    model.put("state", sentence(run));
    model.put("done", run.done());
    model.put("total", run.total());
    model.put("counts", facts(run));
    model.put("actions", request.may(Permission.PLAYERS_TEST) ? actions(run) : List.of());
    return ConsoleView.page("sample", "Sample data", model);
  }

  private static String sentence(SampleRun run) {
    return switch (run.state()) {
      case NONE -> "There is no sample data.";
      case MAKING ->
          "The sample data is being made: " + run.done() + " of " + run.total() + " portions.";
      case MADE -> "The sample data is there.";
      case REMOVING -> "The sample data is being removed.";
      case REMOVED -> "Removed were " + text(run.counts()) + ".";
    };
  }

  private static String text(Map<String, Long> counts) {
    return counts.isEmpty()
        ? "no things"
        : counts.entrySet().stream()
            .sorted(Map.Entry.comparingByKey())
            .map(count -> count.getValue() + " " + count.getKey())
            .collect(Collectors.joining(", "));
  }

  private static List<Fact> facts(SampleRun run) {
    var facts = new ArrayList<Fact>();
    run.counts().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(count -> facts.add(Fact.of(count.getKey(), Cell.number(count.getValue()))));
    return facts;
  }

  private static List<Action> actions(SampleRun run) {
    return switch (run.state()) {
      case NONE, REMOVED ->
          run.enabled() ? List.of(new Action("Make sample data", PATH + "/make", 0)) : List.of();
      case MAKING, MADE -> List.of(new Action("Remove all of it", PATH + "/remove", 1));
      case REMOVING -> List.of();
    };
  }

  private Future<ConsoleView> make(ConsoleRequest request) {
    return changes
        .make(request, new SampleCommand.Make(), "admin_create_sample_data", "sample_data")
        .map(_ -> ConsoleView.done(PATH, "sample-begun"));
  }

  private Future<ConsoleView> remove(ConsoleRequest request) {
    return bus.ask(new SampleCommand.Find())
        .compose(
            run ->
                Confirmation.level1(
                        "Remove the sample data?",
                        "All of it is deleted: "
                            + text(run.counts())
                            + ", and what others have written to them.",
                        "Remove it")
                    .ask(
                        request,
                        PATH,
                        ConsoleView.done(PATH, "sample-removal-begun"),
                        () ->
                            changes.make(
                                request,
                                new SampleCommand.Remove(),
                                "admin_delete_sample_data",
                                "sample_data")));
  }
}
