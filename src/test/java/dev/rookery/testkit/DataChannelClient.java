package dev.rookery.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onvoid.webrtc.CreateSessionDescriptionObserver;
import dev.onvoid.webrtc.PeerConnectionFactory;
import dev.onvoid.webrtc.PeerConnectionObserver;
import dev.onvoid.webrtc.RTCConfiguration;
import dev.onvoid.webrtc.RTCDataChannel;
import dev.onvoid.webrtc.RTCDataChannelBuffer;
import dev.onvoid.webrtc.RTCDataChannelInit;
import dev.onvoid.webrtc.RTCDataChannelObserver;
import dev.onvoid.webrtc.RTCDataChannelState;
import dev.onvoid.webrtc.RTCIceCandidate;
import dev.onvoid.webrtc.RTCIceGatheringState;
import dev.onvoid.webrtc.RTCOfferOptions;
import dev.onvoid.webrtc.RTCPeerConnection;
import dev.onvoid.webrtc.RTCSdpType;
import dev.onvoid.webrtc.RTCSessionDescription;
import dev.onvoid.webrtc.SetSessionDescriptionObserver;
import dev.onvoid.webrtc.media.audio.HeadlessAudioDeviceModule;
import io.vertx.core.json.JsonObject;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A client with data channels to a node, signalled over its Phoenix socket. */
public final class DataChannelClient implements AutoCloseable {
  private static final int WITHIN_SECONDS = 120;

  // Words of a candidate.
  private static final int ADDRESS = 4;
  private static final int PORT = 5;

  private final PhoenixClient socket;
  private final String topic;
  private final RTCPeerConnection connection;
  private final CompletableFuture<Void> gathered = new CompletableFuture<>();
  private final Map<String, RTCDataChannel> channels = new ConcurrentHashMap<>();
  private final Map<String, CompletableFuture<Void>> open = new ConcurrentHashMap<>();
  private final Map<String, CompletableFuture<Void>> ends = new ConcurrentHashMap<>();
  private final BlockingQueue<String> received = new LinkedBlockingQueue<>();
  private final AtomicBoolean closed = new AtomicBoolean();
  private @Nullable UdpRelay relay;

  /** The library of the clients, loaded once. */
  private static final class Library {
    private static final PeerConnectionFactory FACTORY =
        new PeerConnectionFactory(new HeadlessAudioDeviceModule());
  }

  /** A client that has joined its user's topic. */
  public DataChannelClient(PhoenixClient socket, String topic) {
    this.socket = socket;
    this.topic = topic;
    this.connection =
        Library.FACTORY.createPeerConnection(
            new RTCConfiguration(),
            new PeerConnectionObserver() {
              @Override
              public void onIceCandidate(RTCIceCandidate candidate) {
                // It is part of the description when all are known.
              }

              @Override
              public void onIceGatheringChange(RTCIceGatheringState state) {
                if (state == RTCIceGatheringState.COMPLETE) {
                  gathered.complete(null);
                }
              }
            });
  }

  /** Creates a data channel, which opens with the connection. */
  public DataChannelClient with(String label, boolean reliable) {
    var init = new RTCDataChannelInit();
    init.ordered = reliable;
    if (!reliable) {
      init.maxRetransmits = 0;
    }
    RTCDataChannel channel = connection.createDataChannel(label, init);
    var opened = new CompletableFuture<Void>();
    var ended = new CompletableFuture<Void>();
    ends.put(label, ended);
    channels.put(label, channel);
    open.put(label, opened);
    channel.registerObserver(
        new RTCDataChannelObserver() {
          @Override
          public void onBufferedAmountChange(long previous) {
            // Not of interest.
          }

          @Override
          public void onStateChange() {
            if (channel.getState() == RTCDataChannelState.OPEN) {
              opened.complete(null);
            } else if (channel.getState() == RTCDataChannelState.CLOSED) {
              ended.complete(null);
            }
          }

          @Override
          public void onMessage(RTCDataChannelBuffer message) {
            byte[] bytes = new byte[message.data.remaining()];
            message.data.get(bytes);
            received.add(label + " " + new String(bytes, StandardCharsets.UTF_8));
          }
        });
    return this;
  }

  /** Connects through the relay alone. */
  public DataChannelClient through(UdpRelay between) {
    relay = between;
    return this;
  }

  /** The description of this end, with all its candidates. */
  public String offer() {
    var created = new CompletableFuture<RTCSessionDescription>();
    connection.createOffer(
        new RTCOfferOptions(),
        new CreateSessionDescriptionObserver() {
          @Override
          public void onSuccess(RTCSessionDescription description) {
            created.complete(description);
          }

          @Override
          public void onFailure(String error) {
            created.completeExceptionally(new AssertionError(error));
          }
        });
    set(await(created), true);
    await(gathered);
    return connection.getLocalDescription().sdp;
  }

  /** Connects, and waits until all channels are open. */
  public DataChannelClient connect() {
    start();
    open.values().forEach(DataChannelClient::await);
    return this;
  }

  /** Connects, without waiting. */
  public void start() {
    PhoenixClient.Frame reply =
        socket.call(
            topic,
            "webrtc:offer",
            JsonObject.of("sdp", relay == null ? offer() : withoutAddresses(), "type", "offer"));
    assertThat(reply.isOk()).as("%s", reply).isTrue();
    JsonObject answer = socket.await(topic, "webrtc:answer");
    assertThat(answer.getString("type")).isEqualTo("answer");
    set(new RTCSessionDescription(RTCSdpType.ANSWER, answer.getString("sdp")), false);
    JsonObject ice = socket.await(topic, "webrtc:ice");
    connection.addIceCandidate(
        new RTCIceCandidate(
            ice.getString("sdpMid"),
            ice.getInteger("sdpMLineIndex"),
            relay == null
                ? ice.getString("candidate")
                : atRelay(relay, ice.getString("candidate"))));
  }

  /** The node learns where this end is from the packets of the relay. */
  private String withoutAddresses() {
    return offer()
        .lines()
        .filter(line -> !line.startsWith("a=candidate:"))
        .collect(Collectors.joining("\r\n", "", "\r\n"));
  }

  /** The candidate of the node, at the relay instead. */
  private static String atRelay(UdpRelay relay, String candidate) {
    String[] parts = candidate.split(" ", -1);
    relay.node(new InetSocketAddress(parts[ADDRESS], Integer.parseInt(parts[PORT])));
    parts[PORT] = Integer.toString(relay.port());
    return String.join(" ", parts);
  }

  private void set(RTCSessionDescription description, boolean local) {
    var done = new CompletableFuture<Void>();
    var observer =
        new SetSessionDescriptionObserver() {
          @Override
          public void onSuccess() {
            done.complete(null);
          }

          @Override
          public void onFailure(String error) {
            done.completeExceptionally(new AssertionError(error));
          }
        };
    if (local) {
      connection.setLocalDescription(description, observer);
    } else {
      connection.setRemoteDescription(description, observer);
    }
    await(done);
  }

  private static <T> T await(CompletableFuture<T> future) {
    return future.orTimeout(WITHIN_SECONDS, TimeUnit.SECONDS).join();
  }

  public void send(String label, String text) {
    try {
      channels
          .get(label)
          .send(
              new RTCDataChannelBuffer(
                  ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), false));
    } catch (Exception closed) {
      throw new AssertionError(closed);
    }
  }

  /** The next message, after the label of its channel. */
  public String next() {
    try {
      String next = received.poll(WITHIN_SECONDS, TimeUnit.SECONDS);
      assertThat(next).as("a message in time").isNotNull();
      return next;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Waits until the node has closed the data channel. */
  public void awaitClosed(String label) {
    await(ends.get(label));
  }

  /** The message that has come, after the label of its channel; null if there is none. */
  public @Nullable String poll() {
    return received.poll();
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      connection.close();
    }
  }
}
