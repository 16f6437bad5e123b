package dev.rookery.node;

import static dev.rookery.node.Deployments.await;

import dev.rookery.bus.Bus;
import dev.rookery.config.NodeConfig;
import dev.rookery.config.Secret;
import dev.rookery.edge.Protocol;
import dev.rookery.edge.WebSocketUpgrader;
import dev.rookery.fanout.FanOut;
import dev.rookery.fanout.WirePreview;
import dev.rookery.match.ShownPayloads;
import dev.rookery.protocol.console.AccountSections;
import dev.rookery.protocol.console.Console;
import dev.rookery.protocol.console.ConsoleSection;
import dev.rookery.protocol.console.ConsoleSettings;
import dev.rookery.protocol.console.DomainSections;
import dev.rookery.protocol.console.LiveConsole;
import dev.rookery.protocol.docs.DocsPages;
import dev.rookery.protocol.docs.DocsSettings;
import dev.rookery.protocol.gameflow.GameFlowEndpoint;
import dev.rookery.protocol.gameflow.GameFlowPreview;
import dev.rookery.protocol.gameflow.GameFlowRoutes;
import dev.rookery.protocol.gamend.ExtensionPages;
import dev.rookery.protocol.gamend.GamendApi;
import dev.rookery.protocol.gamend.GamendPreview;
import dev.rookery.protocol.gamend.GamendSocket;
import dev.rookery.protocol.gamend.PlayerPeers;
import dev.rookery.protocol.gamend.ProviderCallback;
import dev.rookery.protocol.kamon.KamonEndpoint;
import dev.rookery.protocol.kamon.StaticFiles;
import dev.rookery.protocol.openturn.DevRoutes;
import dev.rookery.protocol.openturn.GameFileRoutes;
import dev.rookery.protocol.openturn.OpenturnEndpoint;
import dev.rookery.protocol.openturn.OpenturnPreview;
import dev.rookery.protocol.openturn.OpenturnSettings;
import dev.rookery.protocol.openturn.SeatTokens;
import dev.rookery.protocol.page.LiveSockets;
import dev.rookery.protocol.page.PageSettings;
import dev.rookery.protocol.page.Pages;
import dev.rookery.protocol.page.StandaloneWelcome;
import dev.rookery.protocol.welcome.WelcomePage;
import dev.rookery.relay.Relay;
import dev.rookery.session.Sessions;
import dev.rookery.store.ReadLaneScope;
import dev.rookery.webrtc.IceServer;
import dev.rookery.webrtc.PeerSettings;
import dev.rookery.webrtc.Peers;
import io.micrometer.core.instrument.Gauge;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Builds the protocols that a node serves, all on one port and told apart by path.
 *
 * <p>The REST API and the pages take long to construct and need no database, so their construction
 * begins with this object and goes on beside the start of everything else.
 */
final class Wires {
  private final NodeServices services;
  private final NodeConfig config;
  private final Bus bus;
  private final Sessions sessions;
  private final EdgeFactory edge;
  private final Peers peers;
  private final Future<GamendApi> api;
  private final Future<Protocol> pages;
  private final LiveConsole liveConsole;
  private final Future<Protocol> console;

  Wires(NodeServices services, EdgeFactory edge) {
    this.services = services;
    this.config = services.config();
    this.bus = services.bus();
    this.sessions = services.sessions();
    this.edge = edge;
    this.peers = new Peers(services.vertx(), peerSettings(), services.meters());
    this.api = VirtualThreads.call(this::createApi);
    this.pages = VirtualThreads.call(this::createPages);
    this.liveConsole =
        new LiveConsole(
            services.vertx(),
            bus,
            services.clock(),
            services.meters(),
            services.extensions().settings().jarBytesMax());
    this.console = VirtualThreads.call(this::createConsole);
  }

  /** Waits until all of them are constructed. A new wire is one line here. */
  List<Protocol> protocols(
      WebSocketUpgrader upgrader, FanOut fanOut, Relay relay, ScriptSetup scripts) {
    var protocols = new ArrayList<Protocol>();
    // First, because a router compares a path with its routes one after another, and calls of
    // scripts are frequent. They share no path with other wires.
    protocols.addAll(scripts.routes());
    protocols.addAll(protocols(upgrader, fanOut, relay));
    protocols.addAll(scripts.sockets(upgrader, edge));
    // Last, because paths of the server are preferred.
    protocols.add(
        new ExtensionPages(
            services.extensions(),
            sessions,
            config.extensions().paths(),
            config.http().bodyBytesMax()));
    return protocols;
  }

  private List<Protocol> protocols(WebSocketUpgrader upgrader, FanOut fanOut, Relay relay) {
    return List.of(
        await(api),
        new OpenturnEndpoint(
            upgrader,
            edge.origins(),
            bus,
            fanOut,
            services.ids(),
            sessions,
            services.clock(),
            openturnSettings()),
        new GameFileRoutes(bus, edge.gameFileLimit(services.clock())),
        new DevRoutes(bus, sessions, services.ids(), services.clock(), openturnSettings()),
        gamendSocket(upgrader, fanOut),
        new KamonEndpoint(upgrader, edge.origins(), relay),
        new StaticFiles(
            config.staticFiles().folder(),
            StaticFolderCheck.dataPaths(config),
            config.staticFiles().crossOriginIsolation()),
        await(pages),
        new WelcomePage(bus, services.clock(), services.version(), welcome()),
        pageSockets(upgrader, fanOut),
        consoleSockets(upgrader),
        await(console),
        docsPages(),
        gameFlowEndpoint(upgrader, fanOut),
        new ProviderCallback(bus),
        new GameFlowRoutes(bus, sessions));
  }

  /** Null where the pages for players serve it, in the language of the reader. */
  private @Nullable String welcome() {
    return config.pages().enabled() ? null : StandaloneWelcome.render(services.translations());
  }

  /** What the wires send for events; a new wire that follows streams is one line here. */
  List<WirePreview> previews() {
    return List.of(
        new GamendPreview(shownPayloads()),
        new GameFlowPreview(),
        new OpenturnPreview(shownPayloads()));
  }

  /** Peers of WebRTC, to be closed after the sockets over which they were opened. */
  Peers peers() {
    return peers;
  }

  private PeerSettings peerSettings() {
    var webRtc = config.webRtc();
    var ports = Objects.requireNonNull(webRtc.portRange());
    Secret credential = webRtc.iceCredential();
    List<IceServer> servers =
        webRtc.iceServers().isEmpty()
            ? List.of()
            : List.of(
                new IceServer(
                    webRtc.iceServers(),
                    webRtc.iceUsername(),
                    credential == null ? null : credential.value()));
    return new PeerSettings(
        webRtc.enabled(),
        servers,
        ports.min(),
        ports.max(),
        webRtc.publicAddress(),
        webRtc.peersMax(),
        webRtc.connectWithin(),
        webRtc.messageBytesMax(),
        webRtc.queueBytesMax());
  }

  private GamendApi createApi() {
    return GamendApi.create(
        services.vertx(),
        bus,
        bus.in(ReadLaneScope.SCOPE),
        sessions,
        services.accessKeys(),
        config.rateLimit().enabled() ? config.admin().keyRequestsPerMinute() : 0,
        config.limits(),
        config.kv().valueBytesMax(),
        config.privacy().searchByEmail(),
        services.extensions(),
        services.adminLists(),
        services.clock(),
        services::publicUrl,
        services.version(),
        config.http().bodyBytesMax());
  }

  private Protocol createPages() {
    if (!config.pages().enabled()) {
      return _ -> {};
    }
    return new Pages(
        bus,
        sessions,
        services.consoleSessions(),
        services.tokens(),
        services.clock(),
        services.ids(),
        pageSettings());
  }

  private PageSettings pageSettings() {
    String secret = SecretFiles.signingSecret(config, services.ids()).value();
    return PageSettingsFactory.of(services, edge, secret);
  }

  /** The sockets of the player pages; mounted before them. */
  private Protocol pageSockets(WebSocketUpgrader upgrader, FanOut fanOut) {
    return config.pages().enabled()
        ? new LiveSockets(
            bus,
            fanOut,
            sessions,
            services.tokens(),
            pageSettings(),
            origin -> origin.equals(services.publicUrl()),
            upgrader,
            services.meters())
        : _ -> {};
  }

  private ConsoleSettings consoleSettings() {
    return new ConsoleSettings(
        services.themes().standard().title(),
        config.cluster().nodeName(),
        services.version(),
        config.production(),
        edge.clientAddress(),
        config.http().publicUrl(0).startsWith("https:"),
        SecretFiles.signingSecret(config, services.ids()).value());
  }

  /** The sockets of the console's live pages; mounted before its other paths. */
  private Protocol consoleSockets(WebSocketUpgrader upgrader) {
    return config.pages().enabled()
        ? liveConsole.sockets(
            services.consoleSessions(),
            consoleSettings(),
            origin -> origin.equals(services.publicUrl()),
            upgrader)
        : _ -> {};
  }

  /**
   * The console; also without pages, because its sections register the lists and jobs that the API
   * has.
   */
  private Protocol createConsole() {
    ConsoleSettings settings = consoleSettings();
    var sections = new ArrayList<ConsoleSection>();
    // A page that looks through all rows waits for other pages, and not the game for it.
    sections.addAll(
        DomainSections.of(bus.in(ReadLaneScope.SCOPE), services.clock(), services.adminLists()));
    sections.addAll(
        liveConsole.sections(
            services.ids(),
            services::publicUrl,
            () -> services.extensions().clientCalls().functions(),
            config.production()));
    sections.addAll(
        AccountSections.of(
            bus,
            services.consoleSessions(),
            services.clock(),
            services::publicUrl,
            services.adminLists()));
    var console =
        new Console(
            bus, services.consoleSessions(), services.clock(), services.ids(), settings, sections);
    return config.pages().enabled() ? console : _ -> {};
  }

  private DocsPages docsPages() {
    var theme = services.themes().standard();
    return new DocsPages(new DocsSettings(theme.title(), theme.css(), services.version()));
  }

  private OpenturnSettings openturnSettings() {
    var matches = config.matches();
    return new OpenturnSettings(
        SecretFiles.roomTokenSecret(config, services.ids()).value(),
        matches.lobbyTokenFor(),
        matches.gameTokenFor(),
        shownPayloads(),
        services::publicUrl);
  }

  private ShownPayloads shownPayloads() {
    return config.matches().hidePayloadsOfOthers() ? ShownPayloads.OWN : ShownPayloads.ALL;
  }

  private GamendSocket gamendSocket(WebSocketUpgrader upgrader, FanOut fanOut) {
    var socket =
        new GamendSocket(
            upgrader,
            sessions,
            edge.origins(),
            bus,
            fanOut,
            services.extensions(),
            services.ids(),
            shownPayloads(),
            edge.socketLimit(services.clock()),
            new PlayerPeers(
                services.vertx(),
                peers,
                edge.dataChannelLimit(services.clock()),
                services.clock()));
    Gauge.builder("rookery.sockets.joins.waiting", socket, GamendSocket::joinsWaiting)
        .description("Joins of topics that wait for admission")
        .register(services.meters());
    return socket;
  }

  private GameFlowEndpoint gameFlowEndpoint(WebSocketUpgrader upgrader, FanOut fanOut) {
    var gameFlow = config.allocation().gameFlow();
    return new GameFlowEndpoint(
        upgrader,
        edge.origins(),
        sessions,
        bus,
        fanOut,
        services.ids(),
        new SeatTokens(services.clock(), openturnSettings())::issue,
        gameFlow.mode(),
        gameFlow.region(),
        AllocatorFactory.createMatchmaker(config, services.vertx()),
        services.vertx(),
        services.clock());
  }
}
