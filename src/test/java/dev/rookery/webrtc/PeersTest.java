package dev.rookery.webrtc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onvoid.webrtc.CreateSessionDescriptionObserver;
import dev.onvoid.webrtc.PeerConnectionFactory;
import dev.onvoid.webrtc.PeerConnectionObserver;
import dev.onvoid.webrtc.RTCConfiguration;
import dev.onvoid.webrtc.RTCDataChannel;
import dev.onvoid.webrtc.RTCDataChannelBuffer;
import dev.onvoid.webrtc.RTCDataChannelInit;
import dev.onvoid.webrtc.RTCDataChannelState;
import dev.onvoid.webrtc.RTCIceCandidate;
import dev.onvoid.webrtc.RTCOfferOptions;
import dev.onvoid.webrtc.RTCPeerConnection;
import dev.onvoid.webrtc.RTCSdpType;
import dev.onvoid.webrtc.RTCSessionDescription;
import dev.onvoid.webrtc.SetSessionDescriptionObserver;
import dev.onvoid.webrtc.media.audio.HeadlessAudioDeviceModule;
import dev.rookery.testkit.Eventually;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Peers against a client of the same library in this process. */
@ExtendWith(VertxExtension.class)
final class PeersTest {
  private static final PeerSettings SETTINGS = settings(Duration.ofSeconds(30));
  private static final int MESSAGES_PER_LIBRARY = 1_000_000;
  private static final int DESCRIPTIONS = 60;
  private static final String CANDIDATE =
      "candidate:1 1 udp 2122194687 192.0.2.2 54321 typ host generation 0 ufrag abcd";
  private static final Set<String> LIBRARY_THREADS =
      Set.of("network_thread", "worker_thread", "signaling_threa");

  private static PeerConnectionFactory factory;

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

  private static PeerSettings settings(Duration connectWithin) {
    return new PeerSettings(true, List.of(), 0, 0, null, 100, connectWithin, 1_024, 1 << 20);
  }

  @BeforeAll
  static void loadLibrary() {
    factory = new PeerConnectionFactory(new HeadlessAudioDeviceModule());
  }

  @AfterAll
  static void closeLibrary() {
    factory.dispose();
  }

  /** A client whose signalling is method calls. */
  private static final class Client implements PeerListener, AutoCloseable {
    private final AtomicInteger received = new AtomicInteger();
    private final RTCPeerConnection connection;
    private final RTCDataChannel channel;
    private final Peer peer;
    private volatile State state = State.NEW;

    Client(Vertx vertx, Peers peers) {
      this.peer = peers.open(vertx.getOrCreateContext(), this, () -> true);
      this.connection =
          factory.createPeerConnection(
              new RTCConfiguration(),
              new PeerConnectionObserver() {
                @Override
                public void onIceCandidate(RTCIceCandidate candidate) {
                  peer.addCandidate(candidate.sdp, candidate.sdpMid, candidate.sdpMLineIndex);
                }
              });
      this.channel = connection.createDataChannel("state", new RTCDataChannelInit());
      createOffer(
          connection,
          offer -> connection.setLocalDescription(offer, set(() -> peer.offer(offer.sdp))));
    }

    private static void createOffer(
        RTCPeerConnection connection, Consumer<RTCSessionDescription> created) {
      connection.createOffer(
          new RTCOfferOptions(),
          new CreateSessionDescriptionObserver() {
            @Override
            public void onSuccess(RTCSessionDescription offer) {
              created.accept(offer);
            }

            @Override
            public void onFailure(String error) {
              throw new AssertionError(error);
            }
          });
    }

    private static SetSessionDescriptionObserver set(Runnable next) {
      return new SetSessionDescriptionObserver() {
        @Override
        public void onSuccess() {
          next.run();
        }

        @Override
        public void onFailure(String error) {
          throw new AssertionError(error);
        }
      };
    }

    void send(int count) throws Exception {
      Eventually.holds(() -> channel.getState() == RTCDataChannelState.OPEN);
      for (int i = 0; i < count; i++) {
        channel.send(new RTCDataChannelBuffer(ByteBuffer.wrap(new byte[8]), false));
      }
    }

    @Override
    public void onState(State next) {
      state = next;
    }

    @Override
    public void onAnswer(String sdp) {
      connection.setRemoteDescription(
          new RTCSessionDescription(RTCSdpType.ANSWER, sdp), set(() -> {}));
    }

    @Override
    public void onCandidate(String candidate, String sdpMid, int sdpMLineIndex) {
      connection.addIceCandidate(new RTCIceCandidate(sdpMid, sdpMLineIndex, candidate));
    }

    @Override
    public void onChannelOpen(String label) {
      assertThat(label).isEqualTo("state");
    }

    @Override
    public void onChannelClosed(String label) {
      assertThat(label).isEqualTo("state");
    }

    @Override
    public void onMessage(String label, DataMessage message) {
      received.incrementAndGet();
    }

    @Override
    public void close() {
      peer.close();
      connection.close();
    }
  }

  @Test
  void givesNewPeersAnotherInstanceOfAWornLibraryAndEndsTheOldPeers(Vertx vertx) throws Exception {
    try (var peers = new Peers(vertx, SETTINGS, meters, 10);
        var first = new Client(vertx, peers)) {
      NativeLibrary library = peers.library();
      first.send(15);
      Eventually.holds(() -> first.received.get() == 15);
      try (var second = new Client(vertx, peers)) {
        second.send(5);
        Eventually.holds(() -> second.received.get() == 5);
        assertThat(peers.library()).isNotSameAs(library);
        // The old instance serves its peers until it has received twice as much.
        first.send(1);
        Eventually.holds(() -> first.received.get() == 16);
        first.send(10);
        Eventually.holds(() -> first.state == PeerListener.State.CLOSED);
        second.send(1);
        Eventually.holds(() -> second.received.get() == 6);
      }
      awaitNoPeers();
    }
  }

  private void awaitNoPeers() {
    Eventually.holds(() -> meters.get("rookery.webrtc.peers").gauge().value() == 0);
  }

  @Test
  void leavesNothingBehindWhenPeersComeAndGo(Vertx vertx) throws Exception {
    try (var peers = peers(vertx, SETTINGS)) {
      connectAndClose(vertx, peers, 1);
      Set<String> sockets = UdpSockets.ofThisProcess();
      int threads = libraryThreads();
      connectAndClose(vertx, peers, 20);
      Eventually.holds(() -> sockets.containsAll(UdpSockets.ofThisProcess()));
      Eventually.holds(() -> libraryThreads() <= threads);
    }
  }

  private Peers peers(Vertx vertx, PeerSettings settings) {
    return new Peers(vertx, settings, meters, MESSAGES_PER_LIBRARY);
  }

  private void connectAndClose(Vertx vertx, Peers peers, int count) throws Exception {
    var clients = new ArrayList<Client>();
    for (int i = 0; i < count; i++) {
      clients.add(new Client(vertx, peers));
    }
    for (Client client : clients) {
      client.send(1);
      Eventually.holds(() -> client.received.get() == 1);
    }
    Eventually.holds(() -> meters.get("rookery.webrtc.peers.connected").gauge().value() == count);
    clients.forEach(Client::close);
    awaitNoPeers();
  }

  /** The native threads of all instances of the library in this process. */
  private static int libraryThreads() {
    int count = 0;
    try (var tasks = Files.newDirectoryStream(Path.of("/proc/self/task"))) {
      for (Path task : tasks) {
        if (LIBRARY_THREADS.contains(nameOf(task))) {
          count++;
        }
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    return count;
  }

  private static String nameOf(Path task) throws IOException {
    try {
      return Files.readString(task.resolve("comm")).strip();
    } catch (NoSuchFileException _) {
      return "";
    }
  }

  @Test
  void endsPeersThatDoNotConnect(Vertx vertx) throws Exception {
    try (var peers = peers(vertx, settings(Duration.ofMillis(500)))) {
      var states = new LinkedBlockingQueue<PeerListener.State>();
      for (int i = 0; i < 10; i++) {
        Peer peer = peers.open(vertx.getOrCreateContext(), new Recorder(states), () -> true);
        // Half of them with an offer, whose client does not go on.
        if (i % 2 == 0) {
          peer.offer(offer());
        }
      }
      for (int failed = 0; failed < 10; ) {
        if (states.poll(60, TimeUnit.SECONDS) == PeerListener.State.FAILED) {
          failed++;
        }
      }
      awaitNoPeers();
    }
  }

  /** Keeps the states of a peer. */
  private record Recorder(BlockingQueue<State> states) implements PeerListener {
    @Override
    public void onState(State state) {
      states.add(state);
    }

    @Override
    public void onAnswer(String sdp) {
      assertThat(sdp).isNotEmpty();
    }

    @Override
    public void onCandidate(String candidate, String sdpMid, int sdpMLineIndex) {
      assertThat(candidate).startsWith("candidate:");
    }

    @Override
    public void onChannelOpen(String label) {
      throw new AssertionError(label);
    }

    @Override
    public void onChannelClosed(String label) {
      throw new AssertionError(label);
    }

    @Override
    public void onMessage(String label, DataMessage message) {
      throw new AssertionError(label);
    }
  }

  private static String offer() {
    var offered = new CompletableFuture<String>();
    RTCPeerConnection connection = factory.createPeerConnection(new RTCConfiguration(), _ -> {});
    connection.createDataChannel("events", new RTCDataChannelInit());
    Client.createOffer(connection, offer -> offered.complete(offer.sdp));
    String sdp = offered.join();
    connection.close();
    return sdp;
  }

  @Test
  void survivesDescriptionsAndCandidatesThatAreNotWellFormed(Vertx vertx) throws Exception {
    try (var peers = peers(vertx, SETTINGS)) {
      String offer = offer();
      for (int seed = 0; seed < DESCRIPTIONS; seed++) {
        var mutations = new Mutations(seed);
        var states = new LinkedBlockingQueue<PeerListener.State>();
        Peer peer = peers.open(vertx.getOrCreateContext(), new Recorder(states), () -> true);
        peer.offer(mutations.of(offer));
        for (int i = 0; i < 10; i++) {
          peer.addCandidate(mutations.of(CANDIDATE), mutations.of("0"), seed - 5);
        }
        assertThat(states.poll(60, TimeUnit.SECONDS)).isEqualTo(PeerListener.State.NEW);
        // Closed in whatever state it is.
        peer.close();
      }
      connectAndClose(vertx, peers, 1);
    }
  }

  @Test
  void connectsInAFloodOfCandidates(Vertx vertx) throws Exception {
    try (var peers = peers(vertx, SETTINGS);
        var client = new Client(vertx, peers)) {
      for (int i = 0; i < 50_000; i++) {
        client.peer.addCandidate(CANDIDATE.replace("54321", "" + (1_024 + i)), "0", 0);
      }
      client.send(1);
      Eventually.holds(() -> client.received.get() == 1);
    }
    awaitNoPeers();
  }
}
