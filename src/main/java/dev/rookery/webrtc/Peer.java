package dev.rookery.webrtc;

/**
 * The server's end of one WebRTC connection. Its methods may be called from any thread, return at
 * once, and are carried out in the order of the calls; after {@link #close} they do nothing.
 */
public interface Peer {
  /** Applies the offer of the client; {@link PeerListener#onAnswer} or a failure follows. */
  void offer(String sdp);

  /**
   * Adds an ICE candidate of the client. One that cannot be parsed is ignored, and so are those
   * beyond {@value NativePeer#CANDIDATES_MAX}.
   */
  void addCandidate(String candidate, String sdpMid, int sdpMLineIndex);

  /**
   * Queues a message on the open data channel with this label; false if there is none.
   *
   * <p>A client that reads too slowly loses the oldest messages that wait on a channel that may
   * lose some. A reliable channel is closed, and its peer with it.
   */
  boolean send(String label, DataMessage message);

  /** Whether a data channel with this label is open. */
  boolean isOpen(String label);

  /** Closes the peer and its data channels. The listener is not called any more. Idempotent. */
  void close();
}
