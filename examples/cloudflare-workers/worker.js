// The service with its defaults, which are made for a Worker of 128 MB.
export { default } from "unpool/edge";
