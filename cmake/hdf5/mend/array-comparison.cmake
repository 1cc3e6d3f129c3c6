# HDF5 compares the base types of two array types twice at every level: for 25 nested arrays this takes seconds.
# Test: hostile/types. Upstream: not known.
h5tracks_mend(
  src/H5T.c
[=[
            tmp = H5T_cmp(dt1->shared->parent, dt2->shared->parent, superset);
            if (tmp < 0)
                HGOTO_DONE(-1);
            if (tmp > 0)
                HGOTO_DONE(1);
            break;

        case H5T_NO_CLASS]=]
[=[
            break;

        case H5T_NO_CLASS]=])
