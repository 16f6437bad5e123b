package dev.rookery.protocol.phoenix;

/**
 * A second way to the client of a socket that may lose messages and does not wait for lost ones, as
 * a WebRTC data channel is. Called on the event loop of the socket.
 */
public interface DataLane {
  /**
   * Sends {@link Push#message} to the client; false if the lane is not open now, or the message is
   * too long for it.
   */
  boolean push(Push push);
}
