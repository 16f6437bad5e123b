package dev.rookery.extension;

/** Answers the requests of a route. */
@FunctionalInterface
public interface HttpHandler {
  /**
   * Answers a request, with the bounds of {@link RpcHandler#call}. Too many requests at once are
   * answered with 503, and one that takes too long with 504.
   *
   * @return at most 4 MiB
   * @throws HttpException to answer with an error
   * @throws Exception anything else is logged, and the client gets 500
   */
  HttpReply handle(HttpCall call) throws Exception;
}
