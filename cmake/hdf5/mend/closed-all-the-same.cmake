# HDF5 frees a dataset whose closing fails, but keeps its identifier, which moves and deletes then use.
# Test: none of its own; found by mutants that are copied and changed. Upstream: not known; the comment there says that the identifier can be removed.
h5tracks_mend(
  src/H5Iint.c
[=[
            if (NULL == H5I__remove_common(type_info, id))
                HGOTO_ERROR(H5E_ID, H5E_CANTDELETE, (-1), "can't remove ID node");
            ret_value = 0;
        } /* end if */
        else
            ret_value = -1;
]=]
[=[
            if (NULL == H5I__remove_common(type_info, id))
                HGOTO_ERROR(H5E_ID, H5E_CANTDELETE, (-1), "can't remove ID node");
            ret_value = 0;
        } /* end if */
        else {
            /* A dataset is freed whatever happens */
            if (H5I_DATASET == H5I_TYPE(id) && NULL == H5I__remove_common(type_info, id))
                HERROR(H5E_ID, H5E_CANTDELETE, "can't remove ID node");
            ret_value = -1;
        }
]=])
