package dev.rookery.protocol.console;

import dev.rookery.base.Ids;
import dev.rookery.bus.Bus;
import dev.rookery.console.ConsoleSessions;
import dev.rookery.console.TicketCommand;
import dev.rookery.edge.Protocol;
import dev.rookery.edge.WebSocketUpgrader;
import dev.rookery.extensionhost.FunctionListing;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * The part of the console with live regions: the pages about the nodes and about what is played,
 * and the sockets of their regions.
 */
public final class LiveConsole {
  private static final String TICKET = "/admin/live/ticket";

  private final Vertx vertx;
  private final Bus bus;
  private final InstantSource clock;
  private final MeterRegistry meters;
  private final int jarBytesMax;
  private final LiveViews views;

  /**
   * @param jarBytesMax the maximum size of the jar of an extension
   */
  public LiveConsole(
      Vertx vertx, Bus bus, InstantSource clock, MeterRegistry meters, int jarBytesMax) {
    this.vertx = vertx;
    this.bus = bus;
    this.clock = clock;
    this.meters = meters;
    this.jarBytesMax = jarBytesMax;
    this.views = new LiveViews(vertx, meters);
  }

  /**
   * The pages, to be registered with the console.
   *
   * @param publicUrl supplies the address of this server; called after it listens
   * @param functions the functions of extensions that clients call
   */
  public List<ConsoleSection> sections(
      Ids ids,
      Supplier<String> publicUrl,
      Supplier<List<FunctionListing>> functions,
      boolean production) {
    var changes = new Changes(bus);
    var address = new ServerAddress(publicUrl);
    var sections = new ArrayList<>(PlaySections.of(bus, changes, clock, views, jarBytesMax));
    sections.add(new ExplorerPages(bus, changes, address, functions));
    sections.add(new PlaygroundPages());
    sections.add(new SamplePages(bus, changes, views, !production));
    sections.add(new ConnectPages(bus, ids, new ConnectPages.Settings(address, production), views));
    var figures = new FiguresPages(bus, clock, views);
    sections.add(new OverviewPages(bus, figures, !production));
    sections.add(new ProcessPages(bus, changes, figures));
    sections.add(new RateLimitPages(bus, changes, figures));
    sections.add(new ClusterPages(bus, changes, clock, views));
    sections.add(new MovePages(bus, changes));
    sections.add(new MovePlanPages(bus, changes, views));
    sections.add(new DrillPages(bus, changes, views));
    sections.add(new BackupPages(bus, changes, views));
    sections.add(new ConfigurationPages(bus));
    sections.add(new LogPages(bus, changes, views));
    sections.add(new TracePages(bus));
    sections.add(new BulkProgress(bus, views));
    sections.add(new RetentionPages(bus, changes, views));
    sections.add(new LoadPages(bus, changes, views));
    sections.add(new StreamPages(bus, changes, views));
    sections.add(console -> console.actionForAll(TICKET, this::issueTicket));
    return List.copyOf(sections);
  }

  /**
   * The sockets, to be mounted before the console. Called once.
   *
   * @param origins further origins whose pages may open sockets, such as that of a proxy
   */
  public Protocol sockets(
      ConsoleSessions sessions,
      ConsoleSettings settings,
      Predicate<String> origins,
      WebSocketUpgrader upgrader) {
    return new LiveSockets(vertx, bus, sessions, settings, origins, upgrader, views, meters);
  }

  private Future<ConsoleView> issueTicket(ConsoleRequest request) {
    return bus.ask(new TicketCommand.Issue(request.admin().session()))
        .map(ticket -> new ConsoleView.Data(JsonObject.of("ticket", ticket)));
  }
}
