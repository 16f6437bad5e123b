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
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Peers against a client of the same library in this process. */
@ExtendWith(VertxExtension.class)
final class PeersTest {
  private static final PeerSettings SETTINGS =
      new PeerSettings(true, List.of(), 0, 0, null, 100, Duration.ofSeconds(30), 1_024, 1 << 20);

  /** A client whose signalling is method calls. */
  private static final class Client implements PeerListener, AutoCloseable {
    private final AtomicInteger received = new AtomicInteger();
    private final RTCPeerConnection connection;
    private final RTCDataChannel channel;
    private final Peer peer;
    private volatile State state = State.NEW;

    Client(PeerConnectionFactory factory, Vertx vertx, Peers peers) {
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
      connection.createOffer(
          new RTCOfferOptions(),
          new CreateSessionDescriptionObserver() {
            @Override
            public void onSuccess(RTCSessionDescription offer) {
              connection.setLocalDescription(offer, set(() -> peer.offer(offer.sdp)));
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
    var meters = new SimpleMeterRegistry();
    var factory = new PeerConnectionFactory(new HeadlessAudioDeviceModule());
    try (var peers = new Peers(vertx, SETTINGS, meters, 10);
        var first = new Client(factory, vertx, peers)) {
      NativeLibrary library = peers.library();
      first.send(15);
      Eventually.holds(() -> first.received.get() == 15);
      try (var second = new Client(factory, vertx, peers)) {
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
      Eventually.holds(() -> meters.get("rookery.webrtc.peers").gauge().value() == 0);
    }
    factory.dispose();
  }
}
