import classes from "./ArrowMarkers.module.css";

/** The heads of the edges' arrows. */
export function ArrowMarkers() {
  return (
    <svg className={classes.hidden} aria-hidden>
      <defs>
        {["", "-active", "-path"].map((kind) => (
          <marker
            key={kind}
            id={`parley-arrow${kind}`}
            className={classes[kind === "" ? "arrow" : kind.slice(1)]}
            viewBox="0 0 10 10"
            refX="9"
            refY="5"
            markerUnits="userSpaceOnUse"
            markerWidth="11"
            markerHeight="11"
            orient="auto"
          >
            <path d="M1,1L9,5L1,9z" />
          </marker>
        ))}
      </defs>
    </svg>
  );
}
